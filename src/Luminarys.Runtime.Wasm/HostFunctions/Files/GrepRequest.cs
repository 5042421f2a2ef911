using System.Collections.Immutable;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>What <c>fs_grep</c> is asked.</summary>
internal sealed class GrepRequest
{
    /// <summary>Reads a request.</summary>
    public GrepRequest(ReadOnlyMemory<byte> request)
    {
        var reader = new FieldReader(request);
        while (reader.TryNext(out var key))
        {
            switch (key)
            {
                case "pattern":
                    Pattern = reader.Text();
                    break;
                case "path":
                    Path = reader.Text();
                    break;
                case "fixed":
                    IsFixed = reader.Flag();
                    break;
                case "case_insensitive":
                    IgnoresCase = reader.Flag();
                    break;
                case "with_lines":
                    WithLines = reader.Flag();
                    break;
                case "filename_only":
                    NamesOnly = reader.Flag();
                    break;
                case "include":
                    Include = reader.Texts() ?? [];
                    break;
                case "exclude":
                    Exclude = reader.Texts() ?? [];
                    break;
                case "ignore_dirs":
                    IgnoredDirectories = reader.Texts();
                    break;
                case "max_count":
                    MaxCount = reader.Integer() is > 0 and var count ? count : long.MaxValue;
                    break;
                case "max_depth":
                    MaxDepth = (int)Math.Clamp(reader.Integer(), 0, int.MaxValue);
                    break;
                case "type_filter":
                    TypeFilter = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    /// <summary>What to find.</summary>
    public string Pattern { get; } = "";

    /// <summary>File or directory; empty for all granted directories.</summary>
    public string Path { get; } = "";

    /// <summary>Whether the pattern is text, not a regular expression.</summary>
    public bool IsFixed { get; }

    /// <summary>Whether case makes no difference.</summary>
    public bool IgnoresCase { get; }

    /// <summary>Whether the lines themselves are wanted.</summary>
    public bool WithLines { get; }

    /// <summary>Whether only the names of files are wanted.</summary>
    public bool NamesOnly { get; }

    /// <summary>Patterns of files to search; none for all.</summary>
    public ImmutableArray<string> Include { get; } = [];

    /// <summary>Patterns of files to leave out.</summary>
    public ImmutableArray<string> Exclude { get; } = [];

    /// <summary>Names of directories that are not entered; null for the host's list.</summary>
    public ImmutableArray<string>? IgnoredDirectories { get; }

    /// <summary>Most lines of one file.</summary>
    public long MaxCount { get; } = long.MaxValue;

    /// <summary>1 for direct children; 0 for no limit.</summary>
    public int MaxDepth { get; }

    /// <summary>A language, <c>code</c>, <c>text</c> or <c>all</c>; empty for all text.</summary>
    public string TypeFilter { get; } = "";
}
