package org.dicomtls.interop.cli;

import org.dicomtls.interop.report.Environment;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"dicom-tls " + Environment.VERSION, Environment.here().toString()};
    }
}
