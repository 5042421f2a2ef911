using Luminarys.Cluster;

namespace Luminarys.Cli;

/// <summary>Makes the key of a node unless the file is there, and prints the fingerprint that other nodes know it by.</summary>
internal static class NodeKeyCommand
{
    public static int Run(string file, TextWriter output, TextWriter errors)
    {
        if (!File.Exists(file))
        {
            using var made = NodeKey.Create();
            if (made.TrySave(file) is { } failure)
            {
                errors.WriteLine($"error: {failure}");
                return ExitCode.Runtime;
            }

            errors.WriteLine($"wrote a new key to {file}; it never leaves this host");
        }

        if (!NodeKey.TryOpen(file, out var key, out var problem))
        {
            errors.WriteLine($"error: {problem}");
            return ExitCode.Configuration;
        }

        output.WriteLine(key.Fingerprint);
        key.Dispose();
        return ExitCode.Ok;
    }
}
