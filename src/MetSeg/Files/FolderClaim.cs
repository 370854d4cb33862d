using System.Text.Json;

namespace MetSeg.Files;

/// <summary>
/// Takes a folder for one result that is made step by step: a file in it records what it is made from, so that a later run goes on from
/// there and two results never mix.
/// </summary>
public static class FolderClaim
{
    /// <summary>Takes a folder that is new or empty, or that was taken with an equal record before.</summary>
    /// <typeparam name="T">The record's type.</typeparam>
    /// <param name="folder">The folder; made if it is missing.</param>
    /// <param name="recordName">Name of the file that holds the record.</param>
    /// <param name="record">All that decides the result: input, options, version.</param>
    /// <exception cref="MetSegException">The folder holds something else or a result of another record, or cannot be written.</exception>
    public static void Take<T>(string folder, string recordName, T record)
    {
        var path = Path.Combine(folder, recordName);
        if (File.Exists(path))
        {
            var present = JsonFile.Read<JsonElement>(path, JsonFile.OwnStyle);
            if (!JsonElement.DeepEquals(present, JsonSerializer.SerializeToElement(record, JsonFile.OwnStyle)))
            {
                throw new MetSegException(
                    $"'{folder}' was made with other options, from other input or by another version (see {recordName}). "
                    + "Choose another folder, or delete this one to start anew.");
            }

            return;
        }

        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new MetSegException($"'{folder}' is not empty and has no {recordName} to go on from. Choose an empty or a new folder.");
        }

        JsonFile.Write(path, record, JsonFile.OwnStyle);
    }
}
