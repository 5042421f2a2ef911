using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Luminarys.Mcp.OAuth;
using Luminarys.Registry;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Tools;

/// <summary>All tools of one registry snapshot: what <c>tools/list</c> answers and what <c>tools/call</c> resolves. Immutable.</summary>
internal sealed class ToolSet
{
    private const int MaxPageBytes = 1024 * 1024;
    private const int ShownDigestLength = 16;

    private const int MaxViews = 64;

    private readonly FrozenDictionary<string, ToolEntry> _byName;
    private readonly List<ToolEntry> _entries = [];
    private readonly ConcurrentDictionary<string, ToolSet> _views = new(StringComparer.Ordinal);

    /// <summary>Builds the set; of two tools with one name the first stays, and the name goes to <paramref name="onCollision"/>.</summary>
    public ToolSet(RegistrySnapshot source, IEnumerable<ToolEntry> entries, Action<string, ToolEntry>? onCollision = null)
    {
        Source = source;
        var byName = new Dictionary<string, ToolEntry>(StringComparer.Ordinal);
        var tools = new List<Tool>();
        foreach (var entry in entries)
        {
            if (entry.Aliases.FirstOrDefault(byName.ContainsKey) is { } taken)
            {
                onCollision?.Invoke(taken, entry);
                continue;
            }

            foreach (var alias in entry.Aliases)
            {
                byName.Add(alias, entry);
            }

            _entries.Add(entry);
            tools.Add(entry.Definition);
        }

        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        Pages = Paginate(tools);
        Count = tools.Count;
        Scopes = [.. _entries.SelectMany(entry => entry.Scopes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Digest = Hash(tools);
    }

    /// <summary>No tools: the set of the registry's first snapshot.</summary>
    public static ToolSet Empty { get; } = new(RegistrySnapshot.Empty, []);

    /// <summary>The snapshot it was built from.</summary>
    public RegistrySnapshot Source { get; }

    /// <summary>Number of tools on all pages.</summary>
    public int Count { get; }

    /// <summary>Digest of everything a client sees of the tools; equal for equal lists.</summary>
    public string Digest { get; }

    /// <summary>Every scope that one of the tools asks for, in order.</summary>
    public ImmutableArray<string> Scopes { get; }

    /// <summary>The tools in the registry's order, at most 1 MiB of text on each page; one empty page when there are none.</summary>
    public ImmutableArray<IList<Tool>> Pages { get; }

    /// <summary>The tool of a name, in either form; null when there is none.</summary>
    public ToolEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The tools that a client may call. One set for all clients with equal rights; what differs in rights never shares one.</summary>
    public ToolSet VisibleTo(GrantedScopes granted)
    {
        if (granted.IsAll || granted.Covers(Scopes))
        {
            return this;
        }

        // Of a token's scopes only those count that a tool asks for: others make no further set.
        var key = string.Join('\0', Scopes.Where(granted.Holds));
        if (_views.TryGetValue(key, out var view))
        {
            return view;
        }

        view = new(Source, _entries.Where(entry => granted.Covers(entry.Scopes)));
        return _views.Count < MaxViews ? _views.GetOrAdd(key, view) : view;
    }

    /// <summary>Cursor of the page after <paramref name="page"/>; null after the last. It is good for this list only.</summary>
    public string? CursorAfter(int page) => page + 1 < Pages.Length ? $"{Digest[..ShownDigestLength]}.{page + 1}" : null;

    /// <summary>The page that a cursor names; null when the cursor is not one of this list.</summary>
    public int? FindPage(string? cursor)
    {
        if (cursor is null)
        {
            return 0;
        }

        for (var page = 0; page < Pages.Length; page++)
        {
            if (cursor == CursorAfter(page))
            {
                return page + 1;
            }
        }

        return null;
    }

    private static ImmutableArray<IList<Tool>> Paginate(List<Tool> tools)
    {
        var pages = ImmutableArray.CreateBuilder<IList<Tool>>();
        var page = ImmutableArray.CreateBuilder<Tool>();
        var size = 0;
        foreach (var tool in tools)
        {
            var toolSize = TextsOf(tool).Sum(Encoding.UTF8.GetByteCount);
            if (page.Count > 0 && size + toolSize > MaxPageBytes)
            {
                pages.Add(page.ToImmutable());
                page.Clear();
                size = 0;
            }

            page.Add(tool);
            size += toolSize;
        }

        pages.Add(page.ToImmutable());
        return pages.ToImmutable();
    }

    private static string Hash(List<Tool> tools)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in tools.SelectMany(TextsOf))
        {
            hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
            hash.AppendData([0, 0]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Everything that a client sees of a tool.</summary>
    public static string[] TextsOf(Tool tool) =>
        [tool.Name, tool.Title ?? "", tool.Description ?? "", tool.InputSchema.GetRawText(), TextOf(tool.Annotations)];

    private static string TextOf(ToolAnnotations? hints) => hints is null
        ? ""
        : $"{hints.ReadOnlyHint} {hints.DestructiveHint} {hints.IdempotentHint} {hints.OpenWorldHint}";
}
