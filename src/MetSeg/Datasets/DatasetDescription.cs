using System.Text.Json;
using System.Text.Json.Serialization;
using MetSeg.Files;

namespace MetSeg.Datasets;

/// <summary>What nnU-Net's dataset.json says, checked.</summary>
/// <param name="ChannelNames">One name per channel, in channel order.</param>
/// <param name="Labels">The labels.</param>
/// <param name="TrainingCount">numTraining; null where the file does not say.</param>
/// <param name="FileEnding">How the names of the images end; see <see cref="RequireNifti"/>.</param>
internal sealed record DatasetDescription(
    IReadOnlyList<string> ChannelNames,
    LabelScheme Labels,
    int? TrainingCount,
    string FileEnding)
{
    public const string FileName = "dataset.json";

    /// <summary>
    /// Reads a dataset.json of nnU-Net version 2, or of version 1: "modality" instead of "channel_names", labels as {"1": "lesion"}, no
    /// "file_ending" (then .nii.gz).
    /// </summary>
    /// <exception cref="MetSegException">The file is missing or is not JSON.</exception>
    /// <exception cref="DatasetException">A key is missing or holds what cannot be used.</exception>
    public static DatasetDescription Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new DatasetException($"'{folder}' has no {FileName}. Give the folder that holds {FileName}, imagesTr and labelsTr.");
        }

        var json = JsonFile.Read<Content>(path, JsonFile.NnUNetStyle);
        var channels = Channels(path, json.ChannelNames.ValueKind == JsonValueKind.Undefined ? json.Modality : json.ChannelNames);
        var labels = LabelSchemeJson.Parse(path, json.Labels, json.RegionsClassOrder);
        return new DatasetDescription(channels, labels, json.NumTraining, json.FileEnding ?? ".nii.gz");
    }

    /// <summary>This, where the images are NIfTI files.</summary>
    /// <exception cref="DatasetException">They are not.</exception>
    public DatasetDescription RequireNifti(string folder) => FileEnding is ".nii.gz" or ".nii"
        ? this
        : throw new DatasetException(
            $"'{Path.Combine(folder, FileName)}': \"file_ending\" is \"{FileEnding}\", not .nii.gz or .nii. Convert the images to NIfTI.");

    /// <summary>Writes a dataset.json of nnU-Net version 2 with file ending .nii.gz.</summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public static void Write(string folder, IReadOnlyList<string> channelNames, LabelScheme labels, int trainingCount)
    {
        var channels = new OrderedDictionary<string, string>(channelNames.Select((name, i) => KeyValuePair.Create($"{i}", name)));
        JsonFile.Write(
            Path.Combine(folder, FileName),
            new
            {
                channel_names = channels,
                labels = LabelSchemeJson.Labels(labels),
                regions_class_order = labels.RegionsClassOrder,
                numTraining = trainingCount,
                file_ending = ".nii.gz",
            },
            new JsonSerializerOptions(JsonFile.NnUNetStyle) { PropertyNamingPolicy = null, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });
    }

    private static string[] Channels(string path, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.EnumerateObject().Any())
        {
            throw new DatasetException($"'{path}' needs \"channel_names\", such as {{\"0\": \"T1CE\"}}.");
        }

        var names = new string[json.EnumerateObject().Count()];
        foreach (var channel in json.EnumerateObject())
        {
            if (!int.TryParse(channel.Name, out var index) || index < 0 || index >= names.Length || channel.Value.ValueKind != JsonValueKind.String)
            {
                throw new DatasetException($"'{path}': channel \"{channel.Name}\" is out of order. Name the channels by consecutive numbers from 0.");
            }

            names[index] = channel.Value.GetString()!;
        }

        return names;
    }

    private sealed record Content
    {
        public JsonElement ChannelNames { get; init; }

        public JsonElement Modality { get; init; }

        public JsonElement Labels { get; init; }

        public IReadOnlyList<int>? RegionsClassOrder { get; init; }

        [JsonPropertyName("numTraining")]
        public int? NumTraining { get; init; }

        public string? FileEnding { get; init; }
    }
}
