/** Reports for people and scripts: tables for a terminal, JSON, and self-contained HTML pages. */
package org.dicomtls.interop.report;
