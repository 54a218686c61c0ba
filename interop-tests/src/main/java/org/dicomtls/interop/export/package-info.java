/**
 * Profiles written as configurations of other systems, each with the rules that the system does not keep when it is set
 * so. What a system does is a model that was written from measurement; a standing test audits the running system and
 * compares.
 */
package org.dicomtls.interop.export;
