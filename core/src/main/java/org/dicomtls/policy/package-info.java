/**
 * What the rules of a profile leave to use: the engine-neutral policy that enforcement carries out and prediction
 * reads, and what each engine can do of it.
 */
package org.dicomtls.policy;
