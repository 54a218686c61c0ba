/**
 * Twenty-five failures, each brought about by a peer that is at fault in one thing, so that what different software says
 * of them can be put side by side: {@code docs/refusals.md}.
 */
package org.dicomtls.interop.refusals;
