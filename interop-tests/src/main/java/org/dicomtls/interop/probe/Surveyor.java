package org.dicomtls.interop.probe;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import org.dicomtls.interop.pki.Credential;
import org.dicomtls.interop.pki.Flaw;
import org.dicomtls.interop.pki.PkiOptions;
import org.dicomtls.interop.pki.TestPki;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.rule.Condition;
import org.dicomtls.rule.Dimension;
import org.dicomtls.rule.Metric;
import org.dicomtls.rule.Property;
import org.dicomtls.rule.Role;
import org.dicomtls.tls.AlertDescription;
import org.dicomtls.tls.Authentication;
import org.dicomtls.tls.BulkCipher;
import org.dicomtls.tls.CipherMode;
import org.dicomtls.tls.CipherSuite;
import org.dicomtls.tls.HashAlgorithm;
import org.dicomtls.tls.KeyExchange;
import org.dicomtls.tls.NamedGroup;
import org.dicomtls.tls.SignatureScheme;
import org.dicomtls.tls.TlsVersion;
import org.dicomtls.wire.Extensions;
import org.dicomtls.wire.ServerHello;

/** Asks a server what the wire tests of the catalogue ask, several questions at a time. */
public final class Surveyor {

    private static final List<CipherSuite> SUITES_12 = CipherSuite.matching(s -> !s.tls13());
    private static final List<CipherSuite> SUITES_13 = CipherSuite.matching(CipherSuite::tls13);
    private static final int CHUNK = 64;
    private static final int MOST_ROUNDS = 400;
    private static final int SHARES_COMPARED = 4;

    private final Target target;
    private final Presented presented;
    private final int parallel;
    private final Notes notes = new Notes();

    /** A suite list in the order of the server's choice, and whether it is known to be the whole of it. */
    private record Listed<T>(List<T> values, boolean complete, Answer last) {}

    private final Map<TlsVersion, Answer> hellos = new TreeMap<>();
    private final Map<TlsVersion, Listed<CipherSuite>> suites = new TreeMap<>();
    private final Map<String, List<X509Certificate>> chains = new LinkedHashMap<>();
    private Optional<Answer.Request> request12 = Optional.empty();
    private Optional<Answer.Request> request13 = Optional.empty();
    private boolean asks;
    private boolean sslv2Decided;
    private boolean sslv2;

    private Surveyor(Target target, Presented presented, int parallel) {
        this.target = target;
        this.presented = presented;
        this.parallel = parallel;
    }

    /**
     * Everything that can be found out about that server.
     *
     * @param parallel how many connections at a time
     * @throws UnreachableException when no connection can be opened
     */
    public static Survey of(Target target, Presented presented, int parallel)
            throws UnreachableException, InterruptedException {
        long started = System.nanoTime();
        Surveyor surveyor = new Surveyor(target, presented, parallel);
        surveyor.run();
        return surveyor.notes.finish(target, System.nanoTime() - started);
    }

    private interface Probe {
        void run() throws UnreachableException;
    }

    private void run() throws UnreachableException, InterruptedException {
        hellos.put(TlsVersion.TLS_1_3, target.ask(Question.tls13(SUITES_13).named("TLS 1.3")));
        hellos.put(TlsVersion.TLS_1_2, target.ask(Question.tls12(SUITES_12).named("TLS 1.2")));
        ExecutorService pool = Executors.newFixedThreadPool(parallel);
        try {
            all(pool, List.of(
                    this::versions,
                    () -> suites(TlsVersion.TLS_1_3),
                    () -> suites(TlsVersion.TLS_1_2),
                    this::strictTls,
                    this::recordVersions));
            suiteFacts();
            List<Probe> next = new ArrayList<>();
            if (!list(TlsVersion.TLS_1_2).isEmpty()) {
                next.addAll(List.of(
                        this::preferences,
                        this::extensions12,
                        this::truncatedHmac,
                        this::demands,
                        this::finiteFields,
                        () -> reuse(Question.tls12(ephemeral()), "TLS 1.2"),
                        this::encryptThenMac,
                        this::names));
            } else {
                next.add(this::names);
            }
            next.add(this::groups);
            next.add(this::schemes);
            next.add(this::versionPreference);
            next.add(this::oldVersionAlerts);
            all(pool, next);
            certificates();
            clientCertificateTypes();
            all(pool, List.of(this::clientAuthentication));
        } finally {
            pool.shutdownNow();
        }
    }

    /** Runs probes side by side; one that loses the server leaves its facts open. */
    private static void all(ExecutorService pool, List<Probe> probes) throws InterruptedException {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (Probe probe : probes) {
            tasks.add(() -> {
                try {
                    probe.run();
                } catch (UnreachableException e) {
                    // The server took connections before: what this probe would have told stays unknown.
                }
                return null;
            });
        }
        for (Future<Void> future : pool.invokeAll(tasks)) {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a probe failed: " + e.getCause(), e.getCause());
            }
        }
    }

    private Answer ask(Question question) throws UnreachableException {
        Answer answer = target.ask(question);
        keep(answer);
        return answer;
    }

    private static String evidence(Question question, Answer answer) {
        return question.words() + " → " + answer.words();
    }

    private synchronized void keep(Answer answer) {
        boolean tls13 = answer.hello().map(h -> h.version().equals(TlsVersion.TLS_1_3)).orElse(false);
        if (answer.request().isPresent()) {
            asks = true;
            if (tls13) {
                request13 = answer.request();
            } else if (answer.hello().map(h -> h.version().equals(TlsVersion.TLS_1_2)).orElse(false)) {
                request12 = answer.request();
            }
        }
        if (answer.certificates().isEmpty() || chains.size() >= 8) {
            return;
        }
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> chain = new ArrayList<>();
            for (byte[] der : answer.certificates()) {
                chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
            }
            chains.putIfAbsent(PeerText.fingerprint(chain.get(0)), chain);
        } catch (CertificateException e) {
            notes.evidence(Metric.RSA_CERTIFICATE_BITS, "a certificate of the server cannot be read: " + e.getMessage());
        }
    }

    private synchronized List<CipherSuite> list(TlsVersion version) {
        Listed<CipherSuite> listed = suites.get(version);
        return listed == null ? List.of() : listed.values();
    }

    private synchronized boolean complete(TlsVersion version) {
        Listed<CipherSuite> listed = suites.get(version);
        return listed != null && listed.complete();
    }

    private boolean speaks(TlsVersion version) {
        return !list(version).isEmpty();
    }

    // ---- versions

    private void versions() throws UnreachableException {
        Target.Echo echo = target.send(Question.sslv2());
        byte[] o = echo.octets();
        String shown = "SSL 2.0 CLIENT-HELLO → " + words(echo);
        notes.evidence(Dimension.VERSION, shown);
        if (o.length > 2 && (o[0] & 0x80) != 0 && o[2] == 4) {
            notes.supports(Dimension.VERSION, List.of(TlsVersion.SSL_2));
            sslv2 = true;
            sslv2Decided = true;
        } else if (o.length > 0 || echo.ended()) {
            notes.lacks(Dimension.VERSION, List.of(TlsVersion.SSL_2));
            sslv2Decided = true;
        }
        for (TlsVersion version : List.of(TlsVersion.SSL_3, TlsVersion.TLS_1_0, TlsVersion.TLS_1_1)) {
            Question question = Question.old(version, SUITES_12).named(version + " hello");
            Answer answer = ask(question);
            put(version, answer);
            if (answer.accepted()) {
                suites(version);
            }
        }
        Question listed = Question.tls12(SUITES_12)
                .versions(List.of(TlsVersion.TLS_1_1, TlsVersion.TLS_1_0))
                .named("supported_versions TLSv1.1, TLSv1.0");
        Answer answer = ask(listed);
        notes.evidence(Dimension.VERSION, evidence(listed, answer));
        answer.hello()
                .filter(h -> answer.accepted() && h.version().compareTo(TlsVersion.TLS_1_2) < 0)
                .ifPresent(h -> notes.supports(Dimension.VERSION, List.of(h.version())));
    }

    private synchronized void put(TlsVersion version, Answer answer) {
        hellos.put(version, answer);
    }

    private static String words(Target.Echo echo) {
        String hex = java.util.HexFormat.of().formatHex(echo.octets());
        return hex.isEmpty() ? echo.ended() ? "connection ended" : "no answer in time" : "[" + hex + "]";
    }

    private void suites(TlsVersion version) throws UnreachableException {
        Listed<CipherSuite> listed;
        if (version.equals(TlsVersion.TLS_1_3)) {
            listed = chosen(SUITES_13, Question::tls13, version);
        } else if (version.equals(TlsVersion.TLS_1_2)) {
            listed = chosen(SUITES_12, Question::tls12, version);
            if (listed.values().isEmpty()) {
                // Some servers drop a hello of several hundred suites.
                List<CipherSuite> found = new ArrayList<>();
                boolean complete = true;
                for (int from = 0; from < SUITES_12.size(); from += CHUNK) {
                    Listed<CipherSuite> part =
                            chosen(SUITES_12.subList(from, Math.min(from + CHUNK, SUITES_12.size())), Question::tls12, version);
                    found.addAll(part.values());
                    complete &= part.complete();
                }
                listed = new Listed<>(found, complete, listed.last());
            }
        } else {
            listed = chosen(SUITES_12, offered -> Question.old(version, offered), version);
        }
        synchronized (this) {
            suites.put(version, listed);
        }
    }

    private Listed<CipherSuite> chosen(
            List<CipherSuite> all, Function<List<CipherSuite>, Question> form, TlsVersion version) throws UnreachableException {
        List<CipherSuite> remaining = new ArrayList<>(all);
        List<CipherSuite> found = new ArrayList<>();
        Answer answer = Answer.without(Answer.Kind.SILENCE, "");
        while (!remaining.isEmpty()) {
            Question question = form.apply(remaining).named("suites of " + version + " that are left");
            answer = ask(question);
            Dimension<CipherSuite> dimension =
                    version.equals(TlsVersion.TLS_1_3) ? Dimension.SUITE_TLS13 : Dimension.SUITE_TLS12;
            notes.evidence(dimension, evidence(question, answer));
            Optional<CipherSuite> suite = answer.suite()
                    .filter(s -> remaining.contains(s));
            boolean same = answer.hello().map(h -> h.version().equals(version)).orElse(false);
            if (suite.isEmpty() || !same) {
                return new Listed<>(found, answer.refused(), answer);
            }
            found.add(suite.get());
            remaining.remove(suite.get());
        }
        return new Listed<>(found, true, answer);
    }

    /** Versions and suites as facts, once all of them are known. */
    private void suiteFacts() {
        List<TlsVersion> spoken = new ArrayList<>();
        int decided = 0;
        for (TlsVersion version : List.of(
                TlsVersion.SSL_3, TlsVersion.TLS_1_0, TlsVersion.TLS_1_1, TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)) {
            Answer answer = hellos.get(version);
            if (answer == null) {
                continue;
            }
            notes.evidence(Dimension.VERSION, version + " hello → " + answer.words());
            boolean same = answer.accepted()
                    && answer.hello().map(h -> h.version().equals(version)).orElse(false);
            if (same || speaks(version)) {
                spoken.add(version);
                decided++;
                notes.supports(Dimension.VERSION, List.of(version));
            } else if (answer.refused() || answer.accepted()) {
                decided++;
                notes.lacks(Dimension.VERSION, List.of(version));
            }
        }
        if (decided == 5 && sslv2Decided && !(spoken.isEmpty() && !sslv2)) {
            notes.supportsExactly(Dimension.VERSION, spoken);
        }
        boolean every = true;
        List<CipherSuite> old = new ArrayList<>();
        for (TlsVersion version : List.of(TlsVersion.SSL_3, TlsVersion.TLS_1_0, TlsVersion.TLS_1_1, TlsVersion.TLS_1_2)) {
            Listed<CipherSuite> listed = suites.get(version);
            if (listed != null) {
                old.addAll(listed.values());
                every &= listed.complete();
            } else {
                Answer answer = hellos.get(version);
                every &= answer != null && answer.refused();
            }
        }
        facts(Dimension.SUITE_TLS12, old, every);
        Listed<CipherSuite> newest = suites.get(TlsVersion.TLS_1_3);
        facts(Dimension.SUITE_TLS13, list(TlsVersion.TLS_1_3), newest != null && newest.complete());
        Answer tls12 = hellos.get(TlsVersion.TLS_1_2);
        Answer tls13 = hellos.get(TlsVersion.TLS_1_3);
        if (spoken.contains(TlsVersion.TLS_1_2) || tls12.refused()) {
            notes.condition(Condition.TLS_1_2, spoken.contains(TlsVersion.TLS_1_2));
        }
        if (spoken.contains(TlsVersion.TLS_1_3) || tls13.refused()) {
            notes.condition(Condition.TLS_1_3, spoken.contains(TlsVersion.TLS_1_3));
        }
        condition(Condition.DHE, old, s -> s.keyExchange() == KeyExchange.DHE, every);
        condition(Condition.CBC, old, s -> s.mode() == CipherMode.CBC, every);
        notes.holds(
                Property.RECOMMENDED_PORT, target.port() == 2762, "the port is " + target.port());
    }

    private void condition(Condition condition, List<CipherSuite> list, Predicate<CipherSuite> which, boolean complete) {
        boolean any = list.stream().anyMatch(which);
        if (any || complete) {
            notes.condition(condition, any);
        }
    }

    private <T extends Comparable<? super T>> void facts(Dimension<T> dimension, Collection<T> values, boolean complete) {
        if (complete) {
            notes.supportsExactly(dimension, values);
        } else {
            notes.supports(dimension, values);
            notes.open(dimension, "the server did not answer every question");
        }
    }

    private void oldVersionAlerts() {
        for (TlsVersion version : List.of(TlsVersion.TLS_1_0, TlsVersion.TLS_1_1)) {
            Answer answer = hellos.get(version);
            if (answer != null && (answer.accepted() || answer.refused())) {
                notes.holds(
                        Property.PROTOCOL_VERSION_ALERT,
                        answer.alert().map(AlertDescription.PROTOCOL_VERSION::equals).orElse(false),
                        version + " hello → " + answer.words());
            }
        }
    }

    private void versionPreference() throws UnreachableException {
        if (!speaks(TlsVersion.TLS_1_3)) {
            return;
        }
        if (!speaks(TlsVersion.TLS_1_2)) {
            notes.holds(Property.PREFERS_TLS_1_3, true, "the server speaks TLS 1.3 and not TLS 1.2");
            return;
        }
        List<CipherSuite> offered = new ArrayList<>(list(TlsVersion.TLS_1_2));
        offered.addAll(list(TlsVersion.TLS_1_3));
        Question question = Question.tls13(offered)
                .extension(Extensions.EXTENDED_MASTER_SECRET)
                .extension(Extensions.RENEGOTIATION_INFO, 0)
                .extension(Extensions.EC_POINT_FORMATS, 1, 0)
                .versions(List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3))
                .named("TLSv1.2 listed before TLSv1.3");
        Answer answer = ask(question);
        if (answer.accepted()) {
            notes.holds(
                    Property.PREFERS_TLS_1_3,
                    answer.hello().orElseThrow().version().equals(TlsVersion.TLS_1_3),
                    evidence(question, answer));
        }
        ServerHello old = hellos.get(TlsVersion.TLS_1_2).hello().orElse(null);
        if (old != null) {
            notes.holds(
                    Property.DOWNGRADE_SENTINEL,
                    old.downgradeSentinel().map(last -> last == 1).orElse(false),
                    "TLS 1.2 hello → random " + java.util.HexFormat.of().formatHex(old.random()));
        }
    }

    private void strictTls() throws UnreachableException {
        Target.Echo echo = target.send(target.associateRequest());
        String shown = "A-ASSOCIATE-RQ without TLS → " + words(echo);
        byte[] o = echo.octets();
        if (o.length >= 2 && o[0] >= 1 && o[0] <= 7 && o[1] == 0) {
            notes.holds(Property.STRICT_TLS, false, shown);
        } else if (o.length > 0 || echo.ended()) {
            notes.holds(Property.STRICT_TLS, true, shown);
        } else {
            notes.open(Property.STRICT_TLS, "the server neither answered plain DICOM nor ended the connection in time");
        }
    }

    private void recordVersions() throws UnreachableException {
        boolean tls12 = hellos.get(TlsVersion.TLS_1_2).accepted();
        if (!tls12 && !hellos.get(TlsVersion.TLS_1_3).accepted()) {
            return;
        }
        for (int version : new int[] {0x0300, 0x03FF}) {
            Question question = (tls12 ? Question.tls12(SUITES_12) : Question.tls13(SUITES_13))
                    .recordVersion(version)
                    .named(String.format(Locale.ROOT, "record version %04X", version));
            Answer answer = ask(question);
            if (answer.accepted() || answer.refused()) {
                notes.holds(Property.ANY_RECORD_VERSION, answer.accepted(), evidence(question, answer));
            }
        }
    }

    // ---- preference

    private static boolean strong(CipherSuite suite) {
        // RFC 7525 recommends the DHE suites as well; that RFC 9325 discourages them is a rule of its own.
        return suite.forwardSecret()
                && suite.certificateAuthenticated()
                && suite.aead()
                && suite.mode() != CipherMode.CCM_8
                && suite.bits() >= 128;
    }

    private void preferences() throws UnreachableException {
        List<CipherSuite> all = list(TlsVersion.TLS_1_2);
        prefers(Property.STRONG_SUITE_CHOSEN, all, Surveyor::strong, s -> true);
        prefers(Property.FORWARD_SECRECY_PREFERRED, all, CipherSuite::forwardSecret, s -> true);
        prefers(
                Property.STRONGEST_SUITE_CHOSEN,
                all,
                s -> s.bits() == 256,
                s -> strong(s) && s.mode() == CipherMode.GCM && s.cipher() == BulkCipher.AES);
        prefers(Property.ECDHE_BEFORE_DHE, all, s -> s.keyExchange() == KeyExchange.ECDHE,
                s -> s.keyExchange() == KeyExchange.ECDHE || s.keyExchange() == KeyExchange.DHE);
        prefers(
                Property.AES_BEFORE_3DES,
                all,
                s -> s.cipher() == BulkCipher.AES,
                s -> s.cipher() == BulkCipher.AES || s.cipher() == BulkCipher.TRIPLE_DES);
        prefers(Property.SUITES_256_BIT_FIRST, all, s -> s.bits() == 256, s -> true);
        List<CipherSuite> newest = list(TlsVersion.TLS_1_3);
        List<CipherSuite> weakFirst = weakFirst(newest, s -> s.bits() == 256);
        if (weakFirst.stream().anyMatch(s -> s.bits() == 256) && weakFirst.stream().anyMatch(s -> s.bits() < 256)) {
            Question question = Question.tls13(weakFirst).named("128-bit suites listed first");
            Answer answer = ask(question);
            answer.suite().ifPresent(s ->
                    notes.holds(Property.SUITES_256_BIT_FIRST, s.bits() == 256, evidence(question, answer)));
        }
    }

    private static List<CipherSuite> weakFirst(List<CipherSuite> list, Predicate<CipherSuite> better) {
        List<CipherSuite> order = new ArrayList<>(list);
        order.sort(Comparator.comparing(better::test));
        return order;
    }

    private void prefers(
            Property property, List<CipherSuite> all, Predicate<CipherSuite> better, Predicate<CipherSuite> among)
            throws UnreachableException {
        List<CipherSuite> offered = weakFirst(all.stream().filter(among).toList(), better);
        if (offered.stream().noneMatch(better)) {
            if (property == Property.STRONG_SUITE_CHOSEN || property == Property.FORWARD_SECRECY_PREFERRED) {
                notes.holds(property, false, "the server has no such suite: " + offered);
            } else {
                notes.absent(property, "the server has no suites to choose between");
            }
            return;
        }
        if (offered.stream().allMatch(better)) {
            notes.holds(property, true, "the server has no other suites: " + offered);
            return;
        }
        Question question = Question.tls12(offered).named("the weaker suites listed first");
        Answer answer = ask(question);
        answer.suite().ifPresent(s -> notes.holds(property, better.test(s), evidence(question, answer)));
    }

    // ---- extensions

    private void extensions12() throws UnreachableException {
        List<CipherSuite> all = list(TlsVersion.TLS_1_2);
        Question full = Question.tls12(all).named("extended_master_secret, renegotiation_info, two compression methods");
        Question question = full.compression(1, 0);
        Answer answer = ask(question);
        String shown = evidence(question, answer);
        answer.hello().filter(h -> answer.accepted()).ifPresent(h -> {
            notes.holds(Property.EXTENDED_MASTER_SECRET, h.extendedMasterSecret(), shown);
            notes.holds(Property.RENEGOTIATION_INFO, h.renegotiationInfo(), shown);
            notes.holds(Property.NO_COMPRESSION, h.compression() == 0, shown);
        });
        List<CipherSuite> signalling = new ArrayList<>(all);
        signalling.add(CipherSuite.TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
        Question scsv = Question.tls12(signalling)
                .without(Extensions.RENEGOTIATION_INFO)
                .named("TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
        Answer signalled = ask(scsv);
        signalled.hello().filter(h -> signalled.accepted()).ifPresent(h ->
                notes.holds(Property.RENEGOTIATION_INFO, h.renegotiationInfo(), evidence(scsv, signalled)));
        Question status = Question.tls12(all).extension(Extensions.STATUS_REQUEST, 1, 0, 0, 0, 0).named("status_request");
        Answer stapled = ask(status);
        if (stapled.accepted()) {
            notes.holds(Property.OCSP_STAPLING, stapled.stapled(), evidence(status, stapled));
        }
    }

    private void truncatedHmac() throws UnreachableException {
        List<CipherSuite> all = list(TlsVersion.TLS_1_2);
        List<CipherSuite> cbc = all.stream().filter(s -> s.mode() == CipherMode.CBC).toList();
        Question question =
                Question.tls12(cbc.isEmpty() ? all : cbc).extension(Extensions.TRUNCATED_HMAC).named("truncated_hmac");
        Answer answer = ask(question);
        answer.hello().filter(h -> answer.accepted()).ifPresent(h -> notes.holds(
                Property.NO_TRUNCATED_HMAC,
                !h.extensions().has(Extensions.TRUNCATED_HMAC),
                evidence(question, answer)));
    }

    private void demands() throws UnreachableException {
        List<CipherSuite> all = list(TlsVersion.TLS_1_2);
        demanded(
                Property.EXTENDED_MASTER_SECRET_DEMANDED,
                Question.tls12(all).without(Extensions.EXTENDED_MASTER_SECRET).named("no extended_master_secret"));
        demanded(
                Property.RENEGOTIATION_INFO_DEMANDED,
                Question.tls12(all).without(Extensions.RENEGOTIATION_INFO).named("no renegotiation_info and no SCSV"));
    }

    private void demanded(Property property, Question question) throws UnreachableException {
        Answer answer = ask(question);
        if (answer.accepted() || answer.refused()) {
            notes.holds(property, answer.refused(), evidence(question, answer));
        }
    }

    private void encryptThenMac() throws UnreachableException {
        List<CipherSuite> cbc = list(TlsVersion.TLS_1_2).stream().filter(s -> s.mode() == CipherMode.CBC).toList();
        if (!cbc.isEmpty()) {
            demanded(
                    Property.CBC_ONLY_WITH_ENCRYPT_THEN_MAC,
                    Question.tls12(cbc).without(Extensions.ENCRYPT_THEN_MAC).named("CBC suites, no encrypt_then_mac"));
        }
    }

    private void names() throws UnreachableException {
        boolean tls12 = speaks(TlsVersion.TLS_1_2);
        if (!tls12 && !speaks(TlsVersion.TLS_1_3)) {
            return;
        }
        Question plain = tls12 ? Question.tls12(list(TlsVersion.TLS_1_2)) : Question.tls13(list(TlsVersion.TLS_1_3));
        Question unknown = plain.serverName("unknown.invalid").named("server_name unknown.invalid");
        Answer name = ask(unknown);
        boolean refused = name.alert().map(a -> a.code() == 112).orElse(false);
        boolean echoed = name.hello().map(h -> h.extensions().has(Extensions.SERVER_NAME)).orElse(false);
        if (refused || echoed) {
            notes.holds(Property.SERVER_NAME_SUPPORTED, true, evidence(unknown, name));
        } else {
            notes.open(Property.SERVER_NAME_SUPPORTED, "the server shows no reaction to server_name; it may be configured with no names");
        }
        if (refused) {
            notes.condition(Condition.SERVER_NAMES, true);
        }
        if (name.accepted() || refused) {
            notes.holds(Property.UNKNOWN_SERVER_NAME_REFUSED, refused, evidence(unknown, name));
        }
        if (!tls12) {
            notes.open(Property.ALPN_SUPPORTED, "the answer to ALPN is encrypted in TLS 1.3, and TLS 1.2 is not spoken");
            return;
        }
        Question bogus = plain.applicationProtocols("x-no-such-protocol").named("ALPN x-no-such-protocol");
        Answer other = ask(bogus);
        Question dicom = plain.applicationProtocols("dicom").named("ALPN dicom");
        Answer own = ask(dicom);
        boolean mismatch = other.alert().map(a -> a.code() == 120).orElse(false);
        boolean taken = own.hello().map(h -> h.extensions().has(Extensions.ALPN)).orElse(false);
        if (mismatch || taken) {
            notes.condition(Condition.ALPN, true);
            notes.holds(Property.ALPN_SUPPORTED, true, evidence(dicom, own));
            notes.holds(Property.ALPN_MISMATCH_REFUSED, other.refused(), evidence(bogus, other));
        } else if (other.accepted() && own.accepted()) {
            notes.condition(Condition.ALPN, false);
            notes.evidence(Property.ALPN_SUPPORTED, evidence(dicom, own));
            notes.open(Property.ALPN_SUPPORTED, "the server ignores ALPN; it may be configured with no protocols");
        }
    }

    // ---- key exchange

    private List<CipherSuite> ephemeral() {
        List<CipherSuite> all = list(TlsVersion.TLS_1_2);
        List<CipherSuite> ecdhe = all.stream().filter(s -> s.keyExchange() == KeyExchange.ECDHE).toList();
        return !ecdhe.isEmpty() ? ecdhe : all.stream().filter(CipherSuite::forwardSecret).toList();
    }

    private void finiteFields() throws UnreachableException {
        List<CipherSuite> dhe = list(TlsVersion.TLS_1_2).stream()
                .filter(s -> s.keyExchange() == KeyExchange.DHE)
                .toList();
        if (dhe.isEmpty()) {
            notes.absent(Metric.DHE_BITS, "the server has no DHE suite");
            return;
        }
        List<NamedGroup> fields = Question.ALL_GROUPS.stream().filter(NamedGroup::finiteField).toList();
        for (Question question : List.of(
                Question.tls12(dhe).named("DHE, all groups"),
                Question.tls12(dhe).without(Extensions.SUPPORTED_GROUPS).named("DHE, no supported_groups"),
                Question.tls12(dhe).groups(fields.subList(0, 1)).named("DHE, ffdhe2048 only"))) {
            Answer answer = ask(question);
            if (answer.dhePrimeBits() > 0) {
                notes.measured(Metric.DHE_BITS, answer.dhePrimeBits(), true);
                notes.evidence(Metric.DHE_BITS, evidence(question, answer));
            }
        }
    }

    private void groups() throws UnreachableException {
        Set<NamedGroup> found = new LinkedHashSet<>();
        // Where no suites are known, or not all, a group may have gone unasked.
        boolean complete = (speaks(TlsVersion.TLS_1_2) || speaks(TlsVersion.TLS_1_3))
                && complete(TlsVersion.TLS_1_2)
                && complete(TlsVersion.TLS_1_3);
        List<CipherSuite> ecdhe = new ArrayList<>();
        for (CipherSuite s : list(TlsVersion.TLS_1_2)) {
            if (s.keyExchange() == KeyExchange.ECDHE) {
                ecdhe.add(s);
            }
        }
        List<CipherSuite> rsa = ecdhe.stream().filter(s -> s.authentication() == Authentication.RSA).toList();
        if (!ecdhe.isEmpty()) {
            // An ECDSA certificate needs its own curve among the groups, so RSA is asked first.
            Listed<NamedGroup> listed = groups12(rsa.isEmpty() ? ecdhe : rsa, List.of());
            found.addAll(listed.values());
            complete &= listed.complete();
            if (rsa.isEmpty()) {
                for (NamedGroup curve : List.copyOf(listed.values())) {
                    if (KeyShare.GROUPS.contains(curve) && curve.kind() == NamedGroup.Kind.PRIME_CURVE) {
                        found.addAll(groups12(ecdhe, List.of(curve)).values());
                    }
                }
            }
        }
        if (speaks(TlsVersion.TLS_1_3)) {
            List<NamedGroup> remaining = new ArrayList<>(Question.ALL_GROUPS);
            while (!remaining.isEmpty()) {
                Question question =
                        Question.tls13(list(TlsVersion.TLS_1_3)).groups(remaining).named("groups of TLSv1.3 that are left");
                Answer answer = ask(question);
                notes.evidence(Dimension.GROUP, evidence(question, answer));
                Optional<NamedGroup> group = answer.accepted() ? answer.group().filter(remaining::contains) : Optional.empty();
                if (group.isEmpty()) {
                    complete &= answer.refused();
                    break;
                }
                found.add(group.get());
                remaining.remove(group.get());
            }
        }
        facts(Dimension.GROUP, found, complete);
        boolean curves = false;
        for (NamedGroup group : found) {
            if (group.ellipticCurve()) {
                notes.measured(Metric.ECDHE_BITS, group.bits(), complete);
                curves = true;
            } else if (group.finiteField()) {
                notes.measured(Metric.DHE_BITS, group.bits(), complete);
            }
        }
        if (curves) {
            notes.evidence(Metric.ECDHE_BITS, "groups: " + found);
        } else if (complete) {
            notes.absent(Metric.ECDHE_BITS, "the server uses no elliptic curve for key exchange");
        }
        keyShares(found);
    }

    /** Strikes out what the server picks; the kept curve is offered last, so that a server of ECDSA can go on. */
    private Listed<NamedGroup> groups12(List<CipherSuite> with, List<NamedGroup> kept) throws UnreachableException {
        List<NamedGroup> remaining = new ArrayList<>(Question.ALL_GROUPS);
        remaining.removeIf(g -> !g.ellipticCurve() || kept.contains(g));
        List<NamedGroup> found = new ArrayList<>();
        while (!remaining.isEmpty()) {
            List<NamedGroup> offered = new ArrayList<>(remaining);
            offered.addAll(kept);
            Question question = Question.tls12(with).groups(offered).named("groups of TLSv1.2 that are left");
            Answer answer = ask(question);
            notes.evidence(Dimension.GROUP, evidence(question, answer));
            Optional<NamedGroup> group = answer.accepted() ? answer.group() : Optional.empty();
            if (group.isEmpty()) {
                return new Listed<>(found, answer.refused(), answer);
            }
            if (!found.contains(group.get())) {
                found.add(group.get());
            }
            if (!remaining.remove(group.get())) {
                return new Listed<>(found, true, answer);
            }
        }
        return new Listed<>(found, true, Answer.without(Answer.Kind.SILENCE, ""));
    }

    private void keyShares(Set<NamedGroup> found) throws UnreachableException {
        if (!speaks(TlsVersion.TLS_1_3)) {
            notes.open(Property.INVALID_KEY_SHARES_REFUSED, "asked in TLS 1.3 only, which the server does not speak");
            return;
        }
        Map<NamedGroup, byte[]> wrong = new LinkedHashMap<>();
        wrong.put(NamedGroup.X25519, new byte[32]);
        byte[] offCurve = new byte[65];
        offCurve[0] = 4;
        offCurve[64] = 5;
        wrong.put(NamedGroup.SECP256R1, offCurve);
        for (Map.Entry<NamedGroup, byte[]> one : wrong.entrySet()) {
            if (!found.contains(one.getKey())) {
                continue;
            }
            Question question = Question.tls13(list(TlsVersion.TLS_1_3))
                    .groups(List.of(one.getKey()))
                    .share(KeyShare.invalid(one.getKey(), one.getValue()))
                    .named("invalid share of " + one.getKey());
            demanded(Property.INVALID_KEY_SHARES_REFUSED, question);
        }
        Optional<NamedGroup> usable = KeyShare.GROUPS.stream().filter(found::contains).findFirst();
        if (usable.isPresent()) {
            reuse(
                    Question.tls13(list(TlsVersion.TLS_1_3)).groups(List.of(usable.get())).share(KeyShare.of(usable.get())),
                    "TLS 1.3");
        }
    }

    private void reuse(Question question, String version) throws UnreachableException {
        if (question.suites().isEmpty()) {
            return;
        }
        Set<BigInteger> shares = new HashSet<>();
        int seen = 0;
        for (int i = 0; i < SHARES_COMPARED; i++) {
            Answer answer = ask(question);
            if (answer.serverShare().length > 0) {
                shares.add(new BigInteger(1, answer.serverShare()));
                seen++;
            }
        }
        if (seen == SHARES_COMPARED) {
            notes.holds(
                    Property.NO_KEY_SHARE_REUSE,
                    shares.size() == seen,
                    seen + " connections of " + version + ": " + shares.size() + " different public values");
        }
    }

    // ---- signatures

    private void schemes() throws UnreachableException {
        Set<SignatureScheme> made = new LinkedHashSet<>();
        boolean complete = complete(TlsVersion.TLS_1_2) && complete(TlsVersion.TLS_1_3);
        for (Authentication by : List.of(Authentication.RSA, Authentication.ECDSA, Authentication.DSS)) {
            List<CipherSuite> signed = list(TlsVersion.TLS_1_2).stream()
                    .filter(s -> s.authentication() == by
                            && (s.keyExchange() == KeyExchange.ECDHE || s.keyExchange() == KeyExchange.DHE))
                    .toList();
            if (!signed.isEmpty()) {
                complete &= schemes(Question.tls12(signed), Question.ALL_SCHEMES, made);
            }
        }
        if (speaks(TlsVersion.TLS_1_3)) {
            List<CipherSuite> readable = list(TlsVersion.TLS_1_3).stream().filter(FlightKeys::known).toList();
            Optional<NamedGroup> group = Optional.empty();
            for (NamedGroup one : KeyShare.GROUPS) {
                if (group.isEmpty() && !readable.isEmpty()) {
                    Answer answer = ask(Question.tls13(readable).groups(List.of(one)));
                    group = answer.accepted() ? Optional.of(one) : Optional.empty();
                }
            }
            if (group.isPresent()) {
                Question question =
                        Question.tls13(readable).groups(List.of(group.get())).share(KeyShare.of(group.get()));
                for (boolean rsa : new boolean[] {true, false}) {
                    complete &= schemes(
                            question,
                            Question.ALL_SCHEMES.stream()
                                    .filter(s -> s.keyType().startsWith("RSA") == rsa)
                                    .toList(),
                            made);
                }
            } else {
                complete = false;
                notes.open(Dimension.SCHEME, "no flight of TLS 1.3 could be read: no suite or group of the server is known here");
            }
        }
        facts(Dimension.SCHEME, made, complete && (speaks(TlsVersion.TLS_1_2) || speaks(TlsVersion.TLS_1_3)));
    }

    private boolean schemes(Question question, List<SignatureScheme> all, Set<SignatureScheme> made)
            throws UnreachableException {
        List<SignatureScheme> remaining = new ArrayList<>(all);
        for (int round = 0; round < MOST_ROUNDS && !remaining.isEmpty(); round++) {
            Question asked = question.schemes(remaining)
                    .certificateSchemes(Question.ALL_SCHEMES)
                    .named("schemes that are left (" + remaining.size() + ")");
            Answer answer = ask(asked);
            notes.evidence(Dimension.SCHEME, evidence(asked, answer));
            if (answer.scheme().isEmpty()) {
                return answer.refused();
            }
            made.add(answer.scheme().get());
            if (!remaining.remove(answer.scheme().get())) {
                return true; // it signs with what was not offered: there is nothing left that could stop it
            }
        }
        return true;
    }

    // ---- certificates

    private static Optional<HashAlgorithm> hash(X509Certificate certificate) {
        String name = certificate.getSigAlgName().toUpperCase(Locale.ROOT).replace("-", "");
        if (name.startsWith("ED")) {
            return Optional.of(HashAlgorithm.INTRINSIC);
        }
        if (name.equals("RSASSAPSS")) {
            String parameters = String.valueOf(certificate.getSigAlgParams() == null
                    ? ""
                    : java.util.HexFormat.of().formatHex(certificate.getSigAlgParams()));
            // The arc of the hash: 2.16.840.1.101.3.4.2.n
            return parameters.contains("608648016503040201")
                    ? Optional.of(HashAlgorithm.SHA256)
                    : parameters.contains("608648016503040202")
                            ? Optional.of(HashAlgorithm.SHA384)
                            : parameters.contains("608648016503040203")
                                    ? Optional.of(HashAlgorithm.SHA512)
                                    : Optional.of(HashAlgorithm.SHA1);
        }
        for (HashAlgorithm hash : HashAlgorithm.values()) {
            if (name.startsWith(hash.name() + "WITH")) {
                return Optional.of(hash);
            }
        }
        return Optional.empty();
    }

    private void certificates() {
        if (chains.isEmpty()) {
            return;
        }
        boolean rsa = false;
        boolean ec = false;
        boolean rsaLeaf = false;
        boolean ecLeaf = false;
        Set<HashAlgorithm> hashes = new LinkedHashSet<>();
        for (List<X509Certificate> chain : chains.values()) {
            for (int i = 0; i < chain.size(); i++) {
                X509Certificate certificate = chain.get(i);
                String shown = "certificate " + PeerText.certificate(certificate);
                if (certificate.getPublicKey() instanceof RSAPublicKey key) {
                    rsa = true;
                    rsaLeaf |= i == 0;
                    notes.presents(Metric.RSA_CERTIFICATE_BITS, key.getModulus().bitLength());
                    notes.evidence(
                            Metric.RSA_CERTIFICATE_BITS, key.getModulus().bitLength() + " bits: " + shown);
                } else if (certificate.getPublicKey() instanceof ECPublicKey key) {
                    int bits = key.getParams().getCurve().getField().getFieldSize();
                    ec = true;
                    notes.presents(Metric.EC_CERTIFICATE_BITS, bits);
                    notes.evidence(Metric.EC_CERTIFICATE_BITS, bits + " bits: " + shown);
                    if (i == 0) {
                        ecLeaf = true;
                        notes.holds(Property.P_256_FOR_ECDSA, bits == 256, bits + " bits: " + shown);
                    }
                }
                boolean root = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
                if (!root || i == 0) { // nobody checks the signature of a root that is trusted as it is
                    hash(certificate).ifPresent(hashes::add);
                    notes.evidence(Dimension.CERTIFICATE_HASH, certificate.getSigAlgName() + ": " + shown);
                }
            }
        }
        notes.presents(Dimension.CERTIFICATE_HASH, hashes);
        notes.holds(Property.RSA_CERTIFICATE_SUPPORTED, rsaLeaf, "certificates of the server: " + chains.size());
        if (!rsa) {
            notes.absent(Metric.RSA_CERTIFICATE_BITS, "no certificate of the server has an RSA key");
        }
        if (!ec) {
            notes.absent(Metric.EC_CERTIFICATE_BITS, "no certificate of the server has an elliptic-curve key");
        }
        if (!ecLeaf) {
            notes.absent(Property.P_256_FOR_ECDSA, "the server has no ECDSA certificate");
        }
    }

    private void clientCertificateTypes() {
        if (request12.isPresent()) {
            List<Integer> types = request12.get().types();
            notes.holds(
                    Property.NO_FIXED_DH_CERTIFICATE_TYPES,
                    Collections.disjoint(types, List.of(3, 4, 65, 66)),
                    "certificate_types of CertificateRequest: " + types);
        }
        for (Optional<Answer.Request> request : List.of(request12, request13)) {
            request.ifPresent(r -> notes.evidence(
                    Dimension.SCHEME, "advertised in CertificateRequest, not used by the server itself: " + r.schemes()));
        }
    }

    // ---- finished handshakes

    private static final String NEEDS_CERTIFICATE =
            "needs a client certificate that the server takes (--cert and --key, or --pki)";

    private Handshake handshake(TlsVersion version, Optional<Credential> credential, Handshake.After after)
            throws UnreachableException {
        return Handshake.with(target, version, list(version), credential, after);
    }

    private void clientAuthentication() throws UnreachableException {
        List<TlsVersion> versions = new ArrayList<>();
        for (TlsVersion version : List.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)) {
            if (speaks(version)) {
                versions.add(version);
            }
        }
        if (versions.isEmpty() || target.givenUp()) {
            return;
        }
        TlsVersion first = versions.get(0);
        boolean accepted = false;
        boolean refused = true;
        boolean asked = asks;
        Map<TlsVersion, Handshake> completed = new TreeMap<>();
        for (TlsVersion version : versions) {
            Handshake none = handshake(version, Optional.empty(), Handshake.After.ASSOCIATION);
            completed.put(version, none);
            asked |= none.asked();
            accepted |= none.outcome() == Handshake.Outcome.ACCEPTED;
            refused &= none.outcome() == Handshake.Outcome.REFUSED;
            notes.evidence(Property.CLIENT_AUTHENTICATION_REQUIRED, none.words());
            notes.evidence(Property.CLIENT_AUTHENTICATION_SUPPORTED, none.words());
        }
        notes.condition(Condition.CLIENT_AUTHENTICATION, asked);
        if (!asked) {
            if (accepted) {
                notes.holds(Property.CLIENT_AUTHENTICATION_REQUIRED, false, "no CertificateRequest was seen");
            }
            notes.open(
                    Property.CLIENT_AUTHENTICATION_SUPPORTED,
                    "the server asks for no client certificate as it is configured; whether it can is not visible");
            notes.open(Property.CERTIFICATE_PATH_VALIDATED, "the server asks for no client certificate");
            acceptedOfClients(first, false, false);
            afterwards(versions, completed, Optional.empty(), accepted);
            return;
        }
        Credential stranger =
                TestPki.create(PkiOptions.ecdsaOnly()).good(Role.CLIENT, org.dicomtls.interop.pki.KeyKind.ECDSA);
        Handshake unknown = handshake(first, Optional.of(stranger), Handshake.After.ASSOCIATION);
        String shown = unknown.words() + " (an authority that nobody trusts)";
        boolean lax = unknown.outcome() == Handshake.Outcome.ACCEPTED;
        if (lax) {
            notes.holds(Property.CLIENT_AUTHENTICATION_SUPPORTED, false, shown);
            notes.holds(Property.CERTIFICATE_PATH_VALIDATED, false, shown);
        }
        if (accepted || lax) {
            notes.holds(Property.CLIENT_AUTHENTICATION_REQUIRED, false, shown);
        }
        boolean good = false;
        if (presented.good().isPresent()) {
            Handshake own = handshake(first, presented.good(), Handshake.After.ASSOCIATION);
            good = own.outcome() == Handshake.Outcome.ACCEPTED;
            if (good) {
                completed.clear();
                completed.put(first, own);
            }
            notes.evidence(Property.CLIENT_AUTHENTICATION_REQUIRED, own.words());
            notes.evidence(Property.CERTIFICATE_PATH_VALIDATED, own.words());
        }
        if (refused && unknown.outcome() == Handshake.Outcome.REFUSED) {
            notes.holds(Property.CLIENT_AUTHENTICATION_REQUIRED, true, shown);
            notes.holds(Property.CLIENT_AUTHENTICATION_SUPPORTED, true, shown);
            if (good) {
                notes.holds(Property.CERTIFICATE_PATH_VALIDATED, true, shown);
            }
        }
        notes.open(
                Property.CLIENT_AUTHENTICATION_SUPPORTED,
                "the server asks for a certificate and takes clients without one; whether it can insist is not visible");
        notes.open(Property.CERTIFICATE_PATH_VALIDATED, NEEDS_CERTIFICATE);
        acceptedOfClients(first, true, good);
        afterwards(versions, completed, good ? presented.good() : Optional.empty(), good || accepted);
    }

    /** Which flawed certificates of clients the server takes; only a server that takes the good one can be judged. */
    private void acceptedOfClients(TlsVersion version, boolean asked, boolean good) throws UnreachableException {
        boolean all = !asked;
        Map<Flaw, Handshake.Outcome> outcomes = new LinkedHashMap<>();
        if (asked && good) {
            for (Map.Entry<Flaw, Credential> one : new TreeMap<>(presented.flawed()).entrySet()) {
                Handshake tried = handshake(version, Optional.of(one.getValue()), Handshake.After.ASSOCIATION);
                outcomes.put(one.getKey(), tried.outcome());
                Object about = switch (one.getKey()) {
                    case RSA_1024 -> Metric.RSA_CERTIFICATE_BITS;
                    case P_224 -> Metric.EC_CERTIFICATE_BITS;
                    case SHA1_LEAF, MD5_LEAF -> Dimension.CERTIFICATE_HASH;
                    case REVOKED -> Property.REVOCATION_STRATEGY;
                    case UNKNOWN_EXTENSION -> Property.CERTIFICATE_ATTRIBUTES_TOLERATED;
                    default -> Property.CERTIFICATE_PATH_VALIDATED;
                };
                notes.evidence(about, tried.words());
            }
        }
        boolean took = false;
        for (Map.Entry<Flaw, Handshake.Outcome> one : outcomes.entrySet()) {
            boolean accepted = one.getValue() == Handshake.Outcome.ACCEPTED;
            boolean decided = one.getValue() != Handshake.Outcome.UNKNOWN;
            switch (one.getKey()) {
                case EXPIRED -> {
                    if (accepted) {
                        notes.holds(Property.CERTIFICATE_PATH_VALIDATED, false, "an expired client certificate was taken");
                    }
                }
                case RSA_1024 -> {
                    if (accepted) {
                        notes.accepts(Metric.RSA_CERTIFICATE_BITS, 1024, false);
                    }
                }
                case P_224 -> {
                    if (accepted) {
                        notes.accepts(Metric.EC_CERTIFICATE_BITS, 224, false);
                    }
                }
                case SHA1_LEAF -> {
                    if (accepted) {
                        notes.accepts(Dimension.CERTIFICATE_HASH, List.of(HashAlgorithm.SHA1), false);
                    }
                }
                case MD5_LEAF -> {
                    if (accepted) {
                        notes.accepts(Dimension.CERTIFICATE_HASH, List.of(HashAlgorithm.MD5), false);
                    }
                }
                case REVOKED -> {
                    if (decided && !accepted) {
                        notes.holds(Property.REVOCATION_STRATEGY, true, "a revoked client certificate was refused");
                    }
                }
                case UNKNOWN_EXTENSION -> {
                    if (decided) {
                        notes.holds(
                                Property.CERTIFICATE_ATTRIBUTES_TOLERATED, accepted, "unknown extension and attributes");
                    }
                }
                default -> { }
            }
            took |= accepted;
        }
        boolean weakTried = decided(outcomes, Flaw.RSA_1024) && decided(outcomes, Flaw.P_224);
        boolean hashTried = decided(outcomes, Flaw.SHA1_LEAF) && decided(outcomes, Flaw.MD5_LEAF);
        if (all || weakTried) {
            // Below the sizes tried nothing was asked for; a size between is ruled out by refusing the greater.
            completeMetrics();
        }
        if (all || hashTried) {
            notes.accepts(Dimension.CERTIFICATE_HASH, List.of(), true);
        }
        if (asked && !(weakTried && hashTried)) {
            String why = good
                    ? "which certificates the server takes of clients needs flawed ones (--pki)"
                    : "which certificates the server takes of clients " + NEEDS_CERTIFICATE;
            notes.open(Metric.RSA_CERTIFICATE_BITS, why);
            notes.open(Metric.EC_CERTIFICATE_BITS, why);
            notes.open(Dimension.CERTIFICATE_HASH, why);
        }
    }

    private static boolean decided(Map<Flaw, Handshake.Outcome> outcomes, Flaw flaw) {
        return outcomes.getOrDefault(flaw, Handshake.Outcome.UNKNOWN) != Handshake.Outcome.UNKNOWN;
    }

    private void completeMetrics() {
        for (List<X509Certificate> chain : chains.values()) {
            for (X509Certificate certificate : chain) {
                if (certificate.getPublicKey() instanceof RSAPublicKey key) {
                    notes.accepts(Metric.RSA_CERTIFICATE_BITS, key.getModulus().bitLength(), true);
                } else if (certificate.getPublicKey() instanceof ECPublicKey key) {
                    notes.accepts(
                            Metric.EC_CERTIFICATE_BITS, key.getParams().getCurve().getField().getFieldSize(), true);
                }
            }
        }
    }

    /** Resumption, tickets, renegotiation: what only a finished handshake shows. */
    private void afterwards(
            List<TlsVersion> versions, Map<TlsVersion, Handshake> completed, Optional<Credential> credential, boolean possible)
            throws UnreachableException {
        if (!possible) {
            for (Property property : List.of(
                    Property.RENEGOTIATION_REFUSED, Property.NO_EARLY_DATA, Property.TICKET_LIFETIME_LIMITED)) {
                notes.open(property, NEEDS_CERTIFICATE);
            }
            return;
        }
        boolean resumes = false;
        boolean known = true;
        for (TlsVersion version : versions) {
            Handshake before = completed.get(version);
            Handshake done =
                    before != null ? before : handshake(version, credential, Handshake.After.ASSOCIATION);
            if (done.outcome() != Handshake.Outcome.ACCEPTED) {
                known = false;
                continue;
            }
            done.ticketLifetime().filter(seconds -> seconds > 0).ifPresent(seconds -> notes.holds(
                    Property.TICKET_LIFETIME_LIMITED, seconds <= 604_800, version + " ticket for " + seconds + " s"));
            if (version.equals(TlsVersion.TLS_1_3)) {
                notes.holds(
                        Property.NO_EARLY_DATA,
                        !done.earlyData(),
                        done.words() + "; tickets " + (done.earlyData() ? "with" : "without") + " early_data");
                resumes |= done.ticketLifetime().isPresent();
            } else {
                resumes |= resumed(done);
                Handshake again = handshake(version, credential, Handshake.After.RENEGOTIATION);
                again.renegotiation()
                        .filter(outcome -> outcome != Handshake.Outcome.UNKNOWN)
                        .ifPresent(outcome -> notes.holds(
                                Property.RENEGOTIATION_REFUSED, outcome == Handshake.Outcome.REFUSED, again.words()));
                notes.open(Property.RENEGOTIATION_REFUSED, again.words());
            }
        }
        if (resumes || known) {
            notes.condition(Condition.RESUMPTION, resumes);
        }
    }

    private boolean resumed(Handshake done) throws UnreachableException {
        if (done.ticket().length == 0 && done.sessionId().length == 0) {
            return false;
        }
        Question question = Question.tls12(list(TlsVersion.TLS_1_2))
                .sessionId(done.sessionId().length > 0 ? done.sessionId() : Question.random(32))
                .extension(Extensions.SESSION_TICKET, done.ticket())
                .named("session of before");
        Answer answer = ask(question);
        if (done.ticket().length > 0 && answer.resumed()) {
            byte[] changed = done.ticket();
            changed[changed.length / 2] ^= 1;
            Question flipped = question.sessionId(Question.random(32))
                    .extension(Extensions.SESSION_TICKET, changed)
                    .named("ticket with one bit changed");
            Answer second = ask(flipped);
            if (second.resumed()) {
                notes.holds(Property.TICKETS_PROTECTED, false, evidence(flipped, second));
            } else {
                notes.evidence(Property.TICKETS_PROTECTED, evidence(flipped, second));
                notes.open(Property.TICKETS_PROTECTED, "a changed ticket is not taken; how tickets are encrypted is not visible");
            }
        }
        return answer.resumed();
    }
}
