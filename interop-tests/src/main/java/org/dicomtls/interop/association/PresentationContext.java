package org.dicomtls.interop.association;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an association requestor proposes for one abstract syntax (PS3.8 §9.3.2.2).
 *
 * @param id an odd number from 1 to 255, different for each context of an association
 * @param abstractSyntax a SOP class UID
 * @param transferSyntaxes at least one, in the requestor's order
 */
public record PresentationContext(int id, String abstractSyntax, List<String> transferSyntaxes) {
    /** The most that fit one association: the odd numbers to 255. */
    public static final int MAX_CONTEXTS = 128;

    static final int MAX_TRANSFER_SYNTAXES = 128;

    public PresentationContext {
        if (id < 1 || id > 255 || (id & 1) == 0) {
            throw new IllegalArgumentException("presentation context id " + id + " is not an odd number in 1…255");
        }
        Uid.require(abstractSyntax);
        transferSyntaxes = List.copyOf(transferSyntaxes);
        if (transferSyntaxes.isEmpty() || transferSyntaxes.size() > MAX_TRANSFER_SYNTAXES) {
            throw new IllegalArgumentException("a presentation context proposes 1 to " + MAX_TRANSFER_SYNTAXES
                    + " transfer syntaxes, not " + transferSyntaxes.size());
        }
        transferSyntaxes.forEach(Uid::require);
    }

    /** The one context that a C-ECHO needs: Verification in Implicit VR Little Endian. */
    public static List<PresentationContext> verification() {
        return List.of(new PresentationContext(1, Uid.VERIFICATION, List.of(Uid.IMPLICIT_VR_LITTLE_ENDIAN)));
    }

    /**
     * The contexts that store these files as they are: one for each pair of SOP class and transfer syntax, in the order
     * of the files.
     *
     * @throws IllegalArgumentException when they need more than {@value #MAX_CONTEXTS}
     */
    public static List<PresentationContext> storing(Collection<Part10> files) {
        Map<String, Set<String>> syntaxes = new LinkedHashMap<>();
        for (Part10 file : files) {
            syntaxes.computeIfAbsent(file.sopClass(), c -> new LinkedHashSet<>()).add(file.transferSyntax());
        }
        List<PresentationContext> contexts = new ArrayList<>();
        syntaxes.forEach((sopClass, ofClass) -> ofClass.forEach(syntax -> {
            if (contexts.size() == MAX_CONTEXTS) {
                throw new IllegalArgumentException("the files need more than " + MAX_CONTEXTS
                        + " presentation contexts; store them in smaller groups");
            }
            contexts.add(new PresentationContext(2 * contexts.size() + 1, sopClass, List.of(syntax)));
        }));
        return List.copyOf(contexts);
    }
}
