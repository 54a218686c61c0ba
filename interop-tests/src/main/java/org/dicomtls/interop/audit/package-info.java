/** The facts about a server held against the rules of a profile, and the reports of it. Calls nothing that enforces. */
package org.dicomtls.interop.audit;
