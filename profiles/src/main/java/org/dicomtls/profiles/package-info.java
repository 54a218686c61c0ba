/**
 * The profiles of DICOM PS3.15 Annex B and their relatives, as rules. One file a profile; the texts of BCP 195 that
 * the profiles cite have files of their own, so that a requirement of RFC 9325 is one object wherever it is met.
 */
package org.dicomtls.profiles;
