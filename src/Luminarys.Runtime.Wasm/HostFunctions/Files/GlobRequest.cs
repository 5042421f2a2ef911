using System.Collections.Immutable;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>What <c>fs_glob</c> is asked.</summary>
internal sealed class GlobRequest
{
    /// <summary>Reads a request.</summary>
    public GlobRequest(ReadOnlyMemory<byte> request)
    {
        var reader = new FieldReader(request);
        while (reader.TryNext(out var key))
        {
            switch (key)
            {
                case "patterns":
                    Patterns = reader.Texts() ?? [];
                    break;
                case "path":
                    Path = reader.Text();
                    break;
                case "only_files":
                    OnlyFiles = reader.Flag();
                    break;
                case "only_dirs":
                    OnlyDirectories = reader.Flag();
                    break;
                case "match_hidden":
                    MatchesHidden = reader.Flag();
                    break;
                case "max_depth":
                    MaxDepth = (int)Math.Clamp(reader.Integer(), 0, int.MaxValue);
                    break;
                case "ignore_dirs":
                    IgnoredDirectories = reader.Texts();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    /// <summary>Patterns; an entry needs to match one.</summary>
    public ImmutableArray<string> Patterns { get; } = [];

    /// <summary>Where to begin; empty for all granted directories.</summary>
    public string Path { get; } = "";

    /// <summary>Whether directories are left out.</summary>
    public bool OnlyFiles { get; }

    /// <summary>Whether files are left out.</summary>
    public bool OnlyDirectories { get; }

    /// <summary>Whether names that begin with a dot match like others.</summary>
    public bool MatchesHidden { get; }

    /// <summary>1 for direct children; 0 for no limit.</summary>
    public int MaxDepth { get; }

    /// <summary>Names of directories that are not entered; null for the host's list.</summary>
    public ImmutableArray<string>? IgnoredDirectories { get; }
}
