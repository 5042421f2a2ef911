using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Luminarys.Manifests.Yaml;

/// <summary>
/// Builds a tree of plain values from YAML. Nothing is created by tag, nesting and size are bounded, and an alias shares its node, so that
/// a small file cannot become a large structure.
/// </summary>
internal sealed class YamlTreeReader
{
    private const int MaxDepth = 32;
    private const int MaxValues = 100_000;

    private readonly ProblemList _problems;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, YamlNode?> _anchors = [];

    private YamlTreeReader(string text, ProblemList problems)
    {
        _problems = problems;
        _scanner = new Scanner(new StringReader(text), skipComments: true);
        _parser = new Parser(_scanner);
    }

    /// <summary>Reads the one document of a file. Null when there is none that can be used; the reason is in the problems.</summary>
    public static YamlNode? Read(string text, ProblemList problems)
    {
        var reader = new YamlTreeReader(text, problems);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException fault)
        {
            reader.Report(fault.Start, fault.End, YamlFaultMap.Describe(fault, problems.Text));
            return null;
        }
        catch (Exception fault) when (YamlFaultMap.IsParserDefect(fault))
        {
            var place = reader._scanner.CurrentPosition;
            reader.Report(place, place, "the file is not valid YAML");
            return null;
        }
    }

    private YamlNode? ReadDocument()
    {
        Next<StreamStart>();
        if (_parser.Current is StreamEnd)
        {
            return YamlMapping.Empty;
        }

        Next<DocumentStart>();
        var root = ReadNode(0);
        Next<DocumentEnd>();
        if (root is not null && _parser.Current is not StreamEnd)
        {
            Report(_parser.Current, "the file holds a second document: keep one");
            return null;
        }

        return root;
    }

    /// <summary>Null when the rest of the document cannot be read in a useful way.</summary>
    private YamlNode? ReadNode(int depth)
    {
        var current = _parser.Current;
        if (depth > MaxDepth)
        {
            Report(current, $"the file is nested more than {MaxDepth} deep");
            return null;
        }

        if (current is NodeEvent { Tag.IsEmpty: false })
        {
            Report(current, "tags ('!…') are not used here: remove it");
            return null;
        }

        return current switch
        {
            AnchorAlias alias => ReadAlias(alias),
            Scalar scalar => ReadScalar(scalar),
            SequenceStart start => ReadSequence(start, depth),
            MappingStart start => ReadMapping(start, depth),
            _ => ReportMissingValue(),
        };
    }

    /// <summary>The parser emits no event for the value of an entry such as <c>- : x</c>.</summary>
    private YamlNode? ReportMissingValue()
    {
        Report(_parser.Current, "the file is not valid YAML: a key or value is missing");
        return null;
    }

    private YamlNode? ReadAlias(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var node))
        {
            Report(alias, "the alias names no anchor above it; quote the value if it begins with '*'");
            return null;
        }

        if (node is null)
        {
            Report(alias, "the alias stands inside the value that it names");
            return null;
        }

        _parser.MoveNext();
        return node;
    }

    private YamlScalar ReadScalar(Scalar scalar)
    {
        _parser.MoveNext();
        var node = new YamlScalar((int)scalar.Start.Index, (int)scalar.End.Index, scalar.Value, scalar.Style == ScalarStyle.Plain);
        Remember(scalar, node);
        return node;
    }

    private YamlSequence? ReadSequence(SequenceStart start, int depth)
    {
        Remember(start, null);
        _parser.MoveNext();
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        var weight = 1;
        while (_parser.Current is not SequenceEnd)
        {
            if (ReadNode(depth + 1) is not { } item || IsTooHeavy(weight += item.Weight, start))
            {
                return null;
            }

            items.Add(item);
        }

        var node = new YamlSequence((int)start.Start.Index, (int)_parser.Current.End.Index, weight, items.ToImmutable());
        _parser.MoveNext();
        Remember(start, node);
        return node;
    }

    private YamlMapping? ReadMapping(MappingStart start, int depth)
    {
        Remember(start, null);
        _parser.MoveNext();
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<YamlScalar, YamlNode>>();
        var seen = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
        var weight = 1;
        while (_parser.Current is not MappingEnd)
        {
            var keyEvent = _parser.Current;
            if (ReadNode(depth + 1) is not { } keyNode)
            {
                return null;
            }

            if (keyNode is not YamlScalar key)
            {
                Report(keyEvent, "a key must be a single word");
                return null;
            }

            if (ReadNode(depth + 1) is not { } value || IsTooHeavy(weight += 1 + value.Weight, start))
            {
                return null;
            }

            if (key.Text == "<<")
            {
                Report(keyEvent, "merge keys ('<<') are not supported: write the keys out");
            }
            else if (seen.TryAdd(key.Text, key))
            {
                entries.Add(new(key, value));
            }
            else
            {
                Report(keyEvent, $"the key {_problems.Quote(key)} is there twice; first on line {_problems.Text.LineAt(seen[key.Text].Start)}");
            }
        }

        var node = new YamlMapping((int)start.Start.Index, (int)_parser.Current.End.Index, weight, entries.ToImmutable());
        _parser.MoveNext();
        Remember(start, node);
        return node;
    }

    /// <summary>Every alias counts with all that it stands for: otherwise a short file could unfold into a huge one.</summary>
    private bool IsTooHeavy(int weight, ParsingEvent place)
    {
        if (weight > MaxValues)
        {
            Report(place, $"the file holds more than {MaxValues} values, aliases counted in full");
        }

        return weight > MaxValues;
    }

    private void Remember(NodeEvent nodeEvent, YamlNode? node)
    {
        if (!nodeEvent.Anchor.IsEmpty)
        {
            _anchors[nodeEvent.Anchor] = node;
        }
    }

    private void Next<TEvent>()
        where TEvent : ParsingEvent
    {
        if (_parser.Current is null)
        {
            _parser.MoveNext();
        }

        if (_parser.Current is TEvent)
        {
            _parser.MoveNext();
        }
    }

    private void Report(ParsingEvent? place, string message) => Report(place?.Start ?? _scanner.CurrentPosition, place?.End ?? _scanner.CurrentPosition, message);

    private void Report(in Mark start, in Mark end, string message) => _problems.Error((int)start.Index, (int)end.Index, "", message);
}
