/**
 * Requirements as data. A {@link org.dicomtls.rule.Rule} is read by enforcement, prediction, audit and documents
 * alike; a {@link org.dicomtls.rule.Profile} is a named, ordered collection of rules; {@link
 * org.dicomtls.rule.Evaluation} turns observed {@link org.dicomtls.rule.Facts} into verdicts.
 */
package org.dicomtls.rule;
