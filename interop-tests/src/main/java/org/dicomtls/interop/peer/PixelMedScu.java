package org.dicomtls.interop.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedList;

/**
 * PixelMed's clients in a Java of their own, told what to do line by line, because a Java for each call takes long. Nothing
 * but the JDK and PixelMed is on its class path.
 */
final class PixelMedScu {

    /** What it says first. */
    static final String READY = "ready";

    private static final String PACKAGE = "com.pixelmed.";

    private PixelMedScu() {}

    /**
     * Says that it is ready, reads {@code echo<tab>host<tab>port} or {@code store<tab>host<tab>port<tab>file} from standard input, and answers each
     * with a line: {@code done}, or what went wrong.
     */
    public static void main(String[] none) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream answers = System.out;
        System.setOut(System.err); // PixelMed tells a lot
        answers.println(READY);
        answers.flush();
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            String[] order = line.split("\t");
            String answer = "done";
            try {
                int port = Integer.parseInt(order[2]);
                if (order[0].equals("echo")) {
                    echo(order[1], port);
                } else {
                    store(order[1], port, order[3]);
                }
            } catch (InvocationTargetException e) {
                answer = String.valueOf(e.getCause());
            } catch (ReflectiveOperationException | RuntimeException e) {
                answer = e.toString();
            }
            answers.println(answer.replaceAll("\\R", " "));
            answers.flush();
        }
    }

    private static void echo(String host, int port) throws ReflectiveOperationException {
        Class.forName(PACKAGE + "network.VerificationSOPClassSCU")
                .getConstructor(String.class, int.class, String.class, String.class, boolean.class)
                .newInstance(host, port, "ANY-SCP", "PIXELMED", true);
    }

    /** Its own storage client has no parameter for TLS; the association that it is given may have. */
    private static void store(String host, int port, String file) throws ReflectiveOperationException {
        Class<?> setOfFiles = Class.forName(PACKAGE + "dicom.SetOfDicomFiles");
        Object files = setOfFiles.getConstructor().newInstance();
        setOfFiles.getMethod("add", String.class).invoke(files, file);
        Object contexts = Class.forName(PACKAGE + "network.PresentationContextListFactory")
                .getMethod("createNewPresentationContextList", setOfFiles, int.class)
                .invoke(null, files, 0);
        Object association = Class.forName(PACKAGE + "network.AssociationFactory")
                .getMethod(
                        "createNewAssociation", String.class, int.class, String.class, String.class, LinkedList.class,
                        LinkedList.class, boolean.class)
                .invoke(null, host, port, "ANY-SCP", "PIXELMED", contexts, null, true);
        Class<?> associationClass = Class.forName(PACKAGE + "network.Association");
        Class<?> scuClass = Class.forName(PACKAGE + "network.StorageSOPClassSCU");
        Object scu = scuClass.getConstructor(
                        associationClass, setOfFiles, Class.forName(PACKAGE + "network.MultipleInstanceTransferStatusHandler"))
                .newInstance(association, files, null);
        boolean failed = (boolean) scuClass.getMethod("encounteredTrappedExceptions").invoke(scu);
        associationClass.getMethod("release").invoke(association);
        if (failed) {
            throw new IllegalStateException("PixelMed met an exception while it stored");
        }
    }
}
