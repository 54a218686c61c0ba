package org.dicomtls.transport;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.dicomtls.rule.Role;

/** A server socket under a policy. Accepting does no handshake, so a silent client delays nobody. */
final class PolicyServerSocket extends SSLServerSocket {

    private final SecureTransport transport;
    private final PolicySettings settings;

    PolicyServerSocket(SecureTransport transport) throws IOException {
        this.transport = transport;
        this.settings = new PolicySettings(transport, Role.SERVER);
    }

    @Override
    public Socket accept() throws IOException {
        Socket tcp = new Socket();
        implAccept(tcp);
        return new PolicySocket(transport, tcp, null, true, settings.copy());
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return transport.supportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return settings.cipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        settings.cipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return transport.supportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return settings.protocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        settings.protocols(protocols);
    }

    @Override
    public SSLParameters getSSLParameters() {
        return settings.parameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        settings.parameters(parameters);
    }

    @Override
    public void setUseClientMode(boolean mode) {
        settings.role(mode ? Role.CLIENT : Role.SERVER);
    }

    @Override
    public boolean getUseClientMode() {
        return settings.role() == Role.CLIENT;
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        settings.needClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return settings.needClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        settings.wantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return settings.wantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        settings.enableSessionCreation(flag);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return settings.enableSessionCreation();
    }

    /** A policy server socket has no channel: a channel would be a way around TLS. */
    @Override
    public ServerSocketChannel getChannel() {
        return null;
    }
}
