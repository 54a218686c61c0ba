/** Every profile with every peer, both roles, both engines: predicted, run with C-ECHO and C-STORE, and compared. */
package org.dicomtls.interop.run;
