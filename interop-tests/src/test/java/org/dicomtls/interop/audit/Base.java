package org.dicomtls.interop.audit;

import java.util.List;
import java.util.Set;
import org.dicomtls.rule.Profile;

/**
 * An honest server: one that keeps all SHALLs of its profiles.
 *
 * @param name how the table calls it
 * @param words what it is, for the reader of the table
 * @param profiles those that it is held against
 * @param notFollowed the recommendations that it does not follow, all of them
 * @param unknown what stays open on it, and why
 */
record Base(
        String name, String words, Habits habits, List<Profile> profiles, Set<String> notFollowed,
        java.util.Map<Object, String> unknown) {}
