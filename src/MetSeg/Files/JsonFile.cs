using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetSeg.Files;

/// <summary>Reads and writes the JSON files of the project: comments allowed when read, duplicate keys refused, undefined numbers null.</summary>
public static class JsonFile
{
    /// <summary>Keys in camelCase: our own files. A key that the type does not have is an error.</summary>
    public static JsonSerializerOptions OwnStyle { get; } = Create(JsonNamingPolicy.CamelCase, JsonUnmappedMemberHandling.Disallow);

    /// <summary>Keys in snake_case: nnU-Net's files. Keys that we do not know are passed over.</summary>
    public static JsonSerializerOptions NnUNetStyle { get; } = Create(JsonNamingPolicy.SnakeCaseLower, JsonUnmappedMemberHandling.Skip);

    /// <summary>Reads a value.</summary>
    /// <exception cref="MetSegException">The file is missing, is not JSON, or does not fit the type.</exception>
    public static T Read<T>(string path, JsonSerializerOptions options)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, options) ?? throw new MetSegException($"'{path}' holds only null.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new MetSegException($"Cannot read '{path}': {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>Writes a value, whole or not at all.</summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public static void Write<T>(string path, T value, JsonSerializerOptions options) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(value, options) + "\n");

    private static JsonSerializerOptions Create(JsonNamingPolicy policy, JsonUnmappedMemberHandling unmapped) => new()
    {
        PropertyNamingPolicy = policy,
        UnmappedMemberHandling = unmapped,
        AllowDuplicateProperties = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        IndentSize = 2,
        MaxDepth = 32,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new FiniteOrNull() },
    };

    /// <summary>Writes NaN and infinities as null, and reads null as NaN.</summary>
    private sealed class FiniteOrNull : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
