/** Plain dcm4che, without this library, as a peer of the interop run. Not in the jar of this module. */
package org.dicomtls.dcm4che.interop;
