package org.dicomtls.interop.clientaudit;

import java.util.List;
import java.util.Set;
import org.dicomtls.rule.Profile;

/**
 * A sound client: one that keeps all SHALLs of its profiles.
 *
 * @param name how the table calls it
 * @param words what it is, for the reader of the table
 * @param profiles those that it keeps
 * @param notFollowed the recommendations that it does not follow, all of them
 */
record Base(String name, String words, Habits habits, List<Profile> profiles, Set<String> notFollowed) {}
