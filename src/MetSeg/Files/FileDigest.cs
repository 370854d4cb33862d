using System.Security.Cryptography;
using System.Text;

namespace MetSeg.Files;

/// <summary>SHA-256 digests, in lower-case hexadecimal.</summary>
public static class FileDigest
{
    /// <summary>Digest of a file's bytes.</summary>
    /// <exception cref="MetSegException">The file cannot be read.</exception>
    public static string OfFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MetSegException($"Cannot read '{path}': {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>Digest of a text's UTF-8 bytes.</summary>
    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
