package org.dicomtls.audittrail;

import com.thaiopensource.util.PropertyMapBuilder;
import com.thaiopensource.validate.ValidateProperty;
import com.thaiopensource.validate.ValidationDriver;
import com.thaiopensource.validate.rng.CompactSchemaReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** Holds messages against the grammar of PS3.15 A.5.1.1. */
final class AuditSchema {

    private final List<String> problems = new ArrayList<>();
    private final ValidationDriver driver;

    AuditSchema() {
        ErrorHandler handler = new ErrorHandler() {
            @Override
            public void warning(SAXParseException e) {
                problems.add(e.getMessage());
            }

            @Override
            public void error(SAXParseException e) {
                problems.add(e.getMessage());
            }

            @Override
            public void fatalError(SAXParseException e) {
                problems.add(e.getMessage());
            }
        };
        PropertyMapBuilder properties = new PropertyMapBuilder();
        properties.put(ValidateProperty.ERROR_HANDLER, handler);
        driver = new ValidationDriver(properties.toPropertyMap(), CompactSchemaReader.getInstance());
        URL grammar = AuditSchema.class.getResource("audit-message.rnc");
        try {
            if (!driver.loadSchema(new InputSource(grammar.toString()))) {
                throw new AssertionError("the grammar is wrong: " + problems);
            }
        } catch (IOException | SAXException e) {
            throw new AssertionError(e);
        }
    }

    /** What is wrong with that message; nothing if it is valid. */
    List<String> problems(String xml) {
        problems.clear();
        try {
            driver.validate(new InputSource(new StringReader(xml)));
        } catch (SAXException e) {
            problems.add(e.getMessage());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return List.copyOf(problems);
    }
}
