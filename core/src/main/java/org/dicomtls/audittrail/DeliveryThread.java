package org.dicomtls.audittrail;

/** A thread that delivers audit messages, known as one to whoever hears of its connections. */
final class DeliveryThread extends Thread {

    DeliveryThread(Runnable work, String name) {
        super(work, name);
        setDaemon(true);
    }

    static boolean isCurrent() {
        return Thread.currentThread() instanceof DeliveryThread;
    }
}
