package org.dicomtls.interop.audit;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.dicomtls.interop.report.PeerText;
import org.dicomtls.interop.report.TextFile;

/** Reads JSON that people wrote or kept: nothing in it is passed over. */
final class RecordFile {

    /** Many times the largest report; less than what would fill the memory. */
    private static final long LARGEST = 16 << 20;

    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private RecordFile() {}

    /** The one JSON value of the file. A byte-order mark before it is passed over (RFC 8259 §8.1). */
    static JsonNode json(Path file) throws RecordFileException {
        String text = text(file);
        if (text.isBlank()) {
            throw new RecordFileException(file + ": is empty, JSON is wanted");
        }
        try (JsonParser parser = STRICT.createParser(text)) {
            JsonNode value = STRICT.readTree(parser);
            if (parser.nextToken() != null) {
                throw new RecordFileException(
                        file + place(parser.currentTokenLocation()) + ": something follows the JSON value");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new RecordFileException(
                    file + place(e.getLocation()) + ": not JSON: " + shown(e.getOriginalMessage()), e);
        } catch (RecordFileException e) {
            throw e;
        } catch (IOException e) {
            throw new RecordFileException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static String place(JsonLocation at) {
        return at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
    }

    private static String text(Path file) throws RecordFileException {
        try {
            return TextFile.read(file, LARGEST, "a JSON file");
        } catch (IOException e) {
            throw new RecordFileException(e.getMessage(), e);
        }
    }

    /** The text under a key that has to be there, and has to say something. */
    static String text(Path file, String place, JsonNode object, String key) throws RecordFileException {
        JsonNode value = object.get(key);
        if (value == null) {
            throw new RecordFileException(file + ": " + place + "'" + key + "' is missing");
        }
        if (!value.isTextual()) {
            throw new RecordFileException(file + ": " + place + "'" + key + "' is " + kind(value) + ", a string is wanted");
        }
        if (value.textValue().isBlank()) {
            throw new RecordFileException(file + ": " + place + "'" + key + "' is blank");
        }
        return value.textValue();
    }

    static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            default -> "null";
        };
    }

    /** What stands in a file, fit for a message of one line. */
    static String shown(String text) {
        String clean = PeerText.clean(text).replaceAll("\\s+", " ");
        return clean.length() > 120 ? clean.substring(0, 120) + " …" : clean;
    }
}
