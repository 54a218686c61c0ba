package org.dicomtls.interop.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dicomtls.interop.pki.KeyKind;
import org.dicomtls.interop.report.Json;
import org.dicomtls.rule.Role;

/** Orthanc: a real archive, told over its REST interface what to send, and asked there for what it holds. */
public final class Orthanc implements Peer {


    @Override
    public String id() {
        return "orthanc";
    }

    @Override
    public String title() {
        return "Orthanc";
    }

    @Override
    public Presence presence() throws InterruptedException {
        return PeerProcess.said(List.of("Orthanc", "--version"))
                .map(said -> Presence.installed(Versions.in(said)))
                .orElse(Presence.missing("install orthanc"));
    }

    /** The version that the models were written for; others are measured. */
    static final String MODELLED = "1.10.1";

    /** It is built on DCMTK, with that one's profile of B.9. */
    @Override
    public List<PeerConfiguration> configurations() throws InterruptedException {
        boolean modelled = presence().version().equals(Optional.of(MODELLED));
        Optional<ServerModel> server =
                Optional.of(Dcmtk.server(Dcmtk.ALL, Dcmtk.FOUR_SERVED + Dcmtk.CBC)).filter(m -> modelled);
        Optional<ClientModel> client =
                Optional.of(Dcmtk.client(Dcmtk.ALL, Dcmtk.FOUR + Dcmtk.CBC)).filter(m -> modelled);
        return List.of(Configured.of("default", "DicomTlsEnabled, DicomTlsRemoteCertificateRequired")
                .serving(server, bench -> Running.start(bench, Role.SERVER))
                .calling(client, bench -> new Client(Running.start(bench, Role.CLIENT)))
                .storing(Role.SERVER, Role.CLIENT));
    }

    /** The configuration of one in that role; only a server has a DICOM port. */
    static String configuration(Bench bench, Role role, int dicomPort, int httpPort) {
        ObjectNode json = Json.object()
                .put("StorageDirectory", bench.directory().resolve("storage").toString())
                .put("IndexDirectory", bench.directory().resolve("storage").toString())
                .put("HttpPort", httpPort)
                .put("KeepAlive", false)
                .put("RemoteAccessAllowed", false)
                .put("AuthenticationEnabled", false)
                .put("DicomServerEnabled", role == Role.SERVER)
                .put("DicomAet", "ORTHANC")
                .put("DicomPort", dicomPort)
                .put("DicomAlwaysAllowEcho", true)
                .put("DicomAlwaysAllowStore", true)
                .put("DicomScuTimeout", (int) Math.max(1, bench.timeout().toSeconds() - 1))
                .put("DicomTlsEnabled", true)
                .put("DicomTlsCertificate", bench.certificate(role, KeyKind.RSA).toString())
                .put("DicomTlsPrivateKey", bench.key(role, KeyKind.RSA).toString())
                .put("DicomTlsTrustedCertificates", bench.authority().toString())
                .put("DicomTlsRemoteCertificateRequired", true);
        json.putArray("Plugins");
        return Json.text(json);
    }

    /** One that runs, in one role. */
    private static final class Running implements PeerServer {

        private static final ObjectMapper JSON = new ObjectMapper();

        private final Bench bench;
        private final PeerProcess process;
        private final int dicomPort;
        private final String address;
        private final HttpClient http;

        private Running(Bench bench, PeerProcess process, int dicomPort, int httpPort) {
            this.bench = bench;
            this.process = process;
            this.dicomPort = dicomPort;
            this.address = "http://127.0.0.1:" + httpPort;
            this.http = HttpClient.newBuilder().connectTimeout(bench.timeout()).build();
        }

        /** If it ends at once, as one does whose ports were taken by somebody else, it is started once more. */
        static Running start(Bench bench, Role role) throws IOException, InterruptedException {
            Files.createDirectories(bench.directory().resolve("storage"));
            try {
                return startOnce(bench, role);
            } catch (IOException first) {
                return startOnce(bench, role);
            }
        }

        private static Running startOnce(Bench bench, Role role) throws IOException, InterruptedException {
            int dicomPort = bench.freePort();
            int httpPort = bench.freePort();
            Path file = Files.writeString(
                    bench.directory().resolve("orthanc.json"), configuration(bench, role, dicomPort, httpPort));
            PeerProcess process = PeerProcess.start(List.of("Orthanc", "--verbose", file.toString()), bench.log());
            Running running = new Running(bench, process, dicomPort, httpPort);
            process.await(running::isReady, bench.timeout().multipliedBy(2), "does not start");
            return running;
        }

        private boolean isReady() throws InterruptedException {
            try {
                return send(request("/system").GET(), HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
            } catch (IOException notYet) {
                return false;
            }
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create(address + path)).timeout(bench.timeout());
        }

        private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
                throws IOException, InterruptedException {
            return http.send(request.build(), body);
        }

        /** What it answers; empty where the answer is no success. */
        Optional<JsonNode> ask(String path, String method, BodyPublisher body) throws IOException, InterruptedException {
            HttpResponse<String> answer =
                    send(request(path).method(method, body), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() / 100 == 2
                    ? Optional.of(answer.body().isBlank() ? Json.object() : JSON.readTree(answer.body()))
                    : Optional.empty();
        }

        @Override
        public int port() {
            return dicomPort;
        }

        @Override
        public Optional<Path> stored(String sopInstance) throws IOException, InterruptedException {
            Optional<String> id = ask("/tools/lookup", "POST", BodyPublishers.ofString(sopInstance))
                    .map(found -> found.path(0).path("ID").asText())
                    .filter(found -> !found.isEmpty());
            if (id.isEmpty()) {
                return Optional.empty();
            }
            Path file = bench.directory().resolve(sopInstance + ".dcm");
            int status = send(request("/instances/" + id.get() + "/file").GET(), HttpResponse.BodyHandlers.ofFile(file))
                    .statusCode();
            return status == 200 ? Optional.of(file) : Optional.empty();
        }

        @Override
        public void close() {
            process.close();
        }
    }

    private record Client(Running running) implements PeerClient {

        @Override
        public Outcome echo(String host, int port) throws IOException, InterruptedException {
            return order(host, port, "echo", "{}");
        }

        @Override
        public Outcome store(String host, int port, Path file) throws IOException, InterruptedException {
            Optional<JsonNode> taken = running.ask("/instances", "POST", BodyPublishers.ofFile(file));
            if (taken.isEmpty()) {
                throw new IOException("Orthanc does not take the instance that it is to send");
            }
            return order(host, port, "store", taken.get().path("ID").asText());
        }

        private Outcome order(String host, int port, String what, String body) throws IOException, InterruptedException {
            ObjectNode modality = Json.object()
                    .put("AET", "ANY-SCP")
                    .put("Host", host)
                    .put("Port", port)
                    .put("UseDicomTls", true);
            if (running.ask("/modalities/peer", "PUT", BodyPublishers.ofString(Json.text(modality))).isEmpty()) {
                throw new IOException("Orthanc does not take a modality");
            }
            return running.ask("/modalities/peer/" + what, "POST", BodyPublishers.ofString(body)).isPresent()
                    ? Outcome.SUCCEEDED
                    : Outcome.failed("Orthanc says that its " + what + " failed");
        }

        @Override
        public void close() {
            running.close();
        }
    }
}
