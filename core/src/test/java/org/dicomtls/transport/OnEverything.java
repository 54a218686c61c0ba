package org.dicomtls.transport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.dicomtls.policy.Engine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A test of every engine through every API; its parameters are an {@link Engine} and a {@link RawClient.Api}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0} {1}")
@MethodSource("org.dicomtls.transport.OnEverything$Ends#all")
@interface OnEverything {

    /** All combinations. */
    final class Ends {
        private Ends() {}

        static Stream<Arguments> all() {
            return Stream.of(Engine.values())
                    .flatMap(e -> Stream.of(RawClient.Api.values()).map(a -> Arguments.of(e, a)));
        }
    }
}
