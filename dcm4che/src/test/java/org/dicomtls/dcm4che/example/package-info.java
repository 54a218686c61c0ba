/** What an application of dcm4che needs to do, as two programs: {@code StoreScp} and {@code StoreScu}. */
package org.dicomtls.dcm4che.example;
