using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Luminarys.Manifests.Validation;

namespace Luminarys.Manifests.Yaml;

/// <summary>
/// Reads the keys of one map. A key that was never asked for is unknown, so that no list of known keys can go out of date. A wrong value
/// is reported and replaced by the default: reading goes on, and the operator sees every problem at once.
/// </summary>
internal sealed class SectionReader
{
    private readonly SectionContext _context;
    private readonly Dictionary<string, KeyValuePair<YamlScalar, YamlNode>> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<SectionReader> _children = [];
    private readonly YamlNode _place;
    private readonly string _path;

    public SectionReader(SectionContext context, YamlMapping map, YamlNode place, string path)
    {
        _context = context;
        _place = place;
        _path = path;
        Map = map;
        foreach (var entry in map.Entries)
        {
            _entries[entry.Key.Text] = entry;
        }
    }

    public YamlMapping Map { get; }

    public ProblemList Problems => _context.Problems;

    public string WorkingDirectory => _context.WorkingDirectory;

    /// <summary>The dotted path of a key of this section.</summary>
    public string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    /// <summary>Whether the key is there with a value.</summary>
    public bool Has(string key) => TryFind(key, out _);

    /// <summary>The node of a key that holds something.</summary>
    public bool TryFind(string key, [NotNullWhen(true)] out YamlNode? node)
    {
        _known.Add(key);
        node = _entries.TryGetValue(key, out var entry) && entry.Value is not YamlScalar { IsNull: true } ? entry.Value : null;
        return node is not null;
    }

    /// <summary>A section. A key without a value is a section without keys; a missing key is null.</summary>
    public SectionReader? Section(string key, string? hint = null)
    {
        _known.Add(key);
        if (!_entries.TryGetValue(key, out var entry))
        {
            return null;
        }

        var map = entry.Value as YamlMapping;
        if (map is null && entry.Value is not YamlScalar { IsNull: true })
        {
            WrongKind(entry.Value, key, "a map", hint);
        }

        var section = new SectionReader(_context, map ?? YamlMapping.Empty, entry.Key, PathOf(key));
        _children.Add(section);
        return section;
    }

    /// <summary>A section; when the key is missing, one without keys.</summary>
    public SectionReader SectionOrEmpty(string key) => Section(key) ?? new SectionReader(_context, YamlMapping.Empty, _place, PathOf(key));

    /// <summary>A single value. An empty text counts as absent, because an unset variable leaves one behind.</summary>
    public T Value<T>(string key, ValueRule<T> rule, T fallback, bool secret = false)
    {
        if (!TryFind(key, out var node) || !TryScalar(node, key, out var scalar) || scalar.Text.Length == 0)
        {
            return fallback;
        }

        var value = Judge(scalar, key, rule, fallback, secret);
        if (!EqualityComparer<T>.Default.Equals(value, fallback))
        {
            NoteUpcoming(node, key);
        }

        return value;
    }

    /// <summary>A text or null.</summary>
    public string? Text(string key, ValueRule<string>? rule = null, bool secret = false) =>
        Value(key, (string text, out string? value) => (rule ?? ScalarRules.AnyText)(text, out value), null, secret);

    /// <summary>A value or null.</summary>
    public T? Optional<T>(string key, ValueRule<T> rule)
        where T : struct =>
        Value<T?>(key, (string text, out T? value) =>
        {
            var complaint = rule(text, out var inner);
            value = inner;
            return complaint;
        }, null);

    /// <summary>Reports a key that is absent or empty.</summary>
    public void ReportMissing(string key, string hint)
    {
        if (!TryFind(key, out var node) || node is YamlScalar { Text.Length: 0 })
        {
            Error(PlaceOf(key), key, $"missing: {hint}");
        }
    }

    /// <summary>A list of single values. Null when the key is absent.</summary>
    public ImmutableArray<T>? List<T>(string key, ValueRule<T> rule, bool secret = false)
    {
        if (!TryFind(key, out var node))
        {
            return null;
        }

        var values = ImmutableArray.CreateBuilder<T>();
        foreach (var scalar in Scalars(node, key))
        {
            var complaint = rule(scalar.Text, out var value);
            if (complaint is null)
            {
                values.Add(value);
            }
            else
            {
                Complain(scalar, key, complaint, secret);
            }
        }

        if (values.Count > 0)
        {
            NoteUpcoming(node, key);
        }

        return values.ToImmutable();
    }

    /// <summary>The scalars of a list; anything else is reported.</summary>
    public IEnumerable<YamlScalar> Scalars(YamlNode node, string key)
    {
        if (node is not YamlSequence sequence)
        {
            WrongKind(node, key, "a list", "write [value, …] or one '- value' on each line");
            yield break;
        }

        foreach (var item in sequence.Items)
        {
            if (item is YamlScalar scalar)
            {
                yield return scalar;
            }
            else
            {
                WrongKind(item, key, "a single value", "each entry of the list is one");
            }
        }
    }

    /// <summary>Takes the alias in place of a key. Both together are refused.</summary>
    public string KeyOrAlias(string key, string alias)
    {
        if (!TryFind(alias, out var node))
        {
            _known.Remove(alias);
            return key;
        }

        if (Has(key))
        {
            Error(node, alias, $"the same as {key}: keep one of the two");
            return key;
        }

        return alias;
    }

    /// <summary>Refuses a key of an older form, and says what to write.</summary>
    public void Refuse(string key, string hint)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            _known.Add(key);
            Error(entry.Key, key, hint);
        }
    }

    public void Error(YamlNode node, string key, string message) => Problems.Error(node, PathOf(key), message);

    public void Warn(YamlNode node, string key, string message) => Problems.Warn(node, PathOf(key), message);

    /// <summary>Where a key stands, or its section when it is absent.</summary>
    public YamlNode PlaceOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Key : _place;

    /// <summary>Warns that a key is understood but does nothing in this release.</summary>
    public void NoteUpcoming(YamlNode node, string key)
    {
        if (_context.Upcoming.Contains(PathOf(key)))
        {
            Warn(node, key, "not supported yet: this release ignores it");
        }
    }

    /// <summary>Reports every key that nobody asked for, here and below.</summary>
    public void ReportUnknownKeys()
    {
        foreach (var (name, entry) in _entries)
        {
            if (!_known.Contains(name))
            {
                var suggestion = Spelling.Nearest(name, _known) is { } near ? $": did you mean '{near}'?" : "";
                Problems.UnknownKey(entry.Key, PathOf(Problems.Name(entry.Key)), $"unknown key{suggestion}");
            }
        }

        foreach (var child in _children)
        {
            child.ReportUnknownKeys();
        }
    }

    /// <summary>A section under a name that the operator chose, such as a method.</summary>
    public SectionReader Child(KeyValuePair<YamlScalar, YamlNode> entry) => Section(entry.Key.Text)!;

    /// <summary>Whether a node is a single value; if not, that is reported.</summary>
    public bool TryScalar(YamlNode node, string key, [NotNullWhen(true)] out YamlScalar? scalar)
    {
        scalar = node as YamlScalar;
        if (scalar is null)
        {
            WrongKind(node, key, "a single value", null);
        }

        return scalar is not null;
    }

    private T Judge<T>(YamlScalar scalar, string key, ValueRule<T> rule, T fallback, bool secret)
    {
        if (rule(scalar.Text, out var value) is not { } complaint)
        {
            return value;
        }

        Complain(scalar, key, complaint, secret);
        return fallback;
    }

    private void Complain(YamlScalar scalar, string key, string complaint, bool secret) =>
        Error(scalar, key, $"{(secret ? "the value" : Problems.Quote(scalar))} {complaint}");

    private void WrongKind(YamlNode node, string key, string expected, string? hint) =>
        Error(node, key, $"must be {expected}, not {node.Kind}{(hint is null ? "" : $": {hint}")}");
}
