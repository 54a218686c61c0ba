package org.dicomtls.interop.association;

import java.io.OutputStream;

/** A reception that keeps nothing. */
enum Discarded implements StoreSink.Reception {
    INSTANCE;

    @Override
    public OutputStream dataSet() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public void complete() {}

    @Override
    public void close() {}
}
