using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Luminarys.Nodes;

namespace Luminarys.Cli;

/// <summary>The passwords of bus users, each in a file that its node reads as <c>.env</c>. A user that has one keeps it.</summary>
/// <param name="folder">Where the files are; null keeps nothing, and every password is new.</param>
internal sealed class BusCredentials(string? folder)
{
    private const string UserKey = "LUMINARYS_BUS_USER";
    private const string PasswordKey = "LUMINARYS_BUS_PASSWORD";
    private const int PasswordBytes = 32;
    private static readonly int s_passwordLength = Base64Url.GetEncodedLength(PasswordBytes);

    /// <summary>The password of a node's user, or what is wrong with the file that holds it.</summary>
    public bool TryGet(NodeId node, [NotNullWhen(true)] out string? password, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordBytes));
        if (folder is null)
        {
            return true;
        }

        var file = Path.Combine(folder, $"{node}.env");
        if (!File.Exists(file))
        {
            WriteSecret(file, $"{UserKey}={node}\n{PasswordKey}={password}\n");
            return true;
        }

        password = File.ReadLines(file).Where(line => line.StartsWith($"{PasswordKey}=", StringComparison.Ordinal))
            .Select(line => line[(PasswordKey.Length + 1)..].Trim()).FirstOrDefault(IsOurs);
        problem = password is null ? $"{file} holds no password that this command made; remove the file to get a new one" : null;
        return password is not null;
    }

    /// <summary>Writes a file that only its owner may read, as a whole or not at all.</summary>
    public static void WriteSecret(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var draft = $"{file}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.new";
        using (var writer = new StreamWriter(draft, options))
        {
            writer.Write(text);
        }

        File.Move(draft, file, overwrite: true);
    }

    private static bool IsOurs(string password) =>
        password.Length >= s_passwordLength && password.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');
}
