/**
 * How fast it is: contexts of a policy against those of the bare engine, associations against other toolkits, audits against
 * other tools. Everything that is compared is measured in the same run, turn by turn.
 */
package org.dicomtls.interop.bench;
