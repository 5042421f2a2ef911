using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.Tools;

/// <summary>
/// What each tool said of itself when it was first published. With a file, a tool that says something else is withheld until the operator approves it by
/// changing or deleting its line; without one, a change that no new package explains is only reported. Thread-safe.
/// </summary>
internal sealed class ToolPins
{
    private const string Heading = "# One line for each published tool: SHA-256 of its definition, then its name. Delete a line to approve another definition.";

    private readonly string? _path;
    private readonly ILogger<ToolPins> _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Digest, string Package)> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<(string Tool, string Digest)> _told = [];
    private SortedDictionary<string, string> _pins = new(StringComparer.Ordinal);
    private DateTime _readAt;

    public ToolPins(IOptions<McpEdgeOptions> options, ILogger<ToolPins> logger) => (_path, _logger) = (options.Value.PinFile, logger);

    /// <summary>The tools that may be published.</summary>
    public List<ToolEntry> Admit(IEnumerable<ToolEntry> tools)
    {
        lock (_gate)
        {
            var isReadable = _path is null || TryRead(_path);
            var count = _pins.Count;
            var admitted = tools.Where(tool => Admits(tool, isReadable)).ToList();
            if (_path is not null && isReadable && _pins.Count > count)
            {
                Write(_path);
            }

            return admitted;
        }
    }

    private bool Admits(ToolEntry tool, bool isReadable)
    {
        var (name, digest) = (tool.Definition.Name, DigestOf(tool));
        if (_seen.TryGetValue(name, out var before) && before.Digest != digest && before.Package == tool.Package)
        {
            _logger.ToolTextChanged(name, before.Digest, digest);
        }

        _seen[name] = (digest, tool.Package);
        if (_path is null)
        {
            return true;
        }

        if (!isReadable)
        {
            return false;
        }

        if (_pins.TryAdd(name, digest))
        {
            _logger.ToolPinned(name, digest);
        }

        var isPinned = _pins[name] == digest;
        if (!isPinned && _told.Add((name, digest)))
        {
            _logger.ToolWithheld(name, _pins[name], digest, _path);
        }

        return isPinned;
    }

    private bool TryRead(string path)
    {
        try
        {
            var changedAt = File.GetLastWriteTimeUtc(path);
            if (changedAt == _readAt)
            {
                return true;
            }

            var pins = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var (line, number) in File.Exists(path) ? File.ReadLines(path).Select((line, index) => (line.Trim(), index + 1)) : [])
            {
                if (line.Length == 0 || line[0] == '#')
                {
                    continue;
                }

                if (line.Split(' ', 2) is not [{ Length: 2 * SHA256.HashSizeInBytes } digest, var name] || !digest.All(char.IsAsciiHexDigitLower))
                {
                    _logger.PinFileUnreadable(path, $"line {number} is not a SHA-256 in lower case, a space and the name of a tool");
                    return false;
                }

                pins[name] = digest;
            }

            (_pins, _readAt) = (pins, changedAt);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.PinFileUnreadable(path, exception.Message);
            return false;
        }
    }

    // In one step: whoever reads it, or is killed meanwhile, finds all of it or what was there before.
    private void Write(string path)
    {
        var draft = path + ".new";
        try
        {
            File.WriteAllLines(draft, [Heading, .. _pins.Select(pin => $"{pin.Value} {pin.Key}")]);
            File.Move(draft, path, overwrite: true);
            _readAt = File.GetLastWriteTimeUtc(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.PinFileUnwritable(path, exception.Message);
        }
    }

    private static string DigestOf(ToolEntry tool) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', ToolSet.TextsOf(tool.Definition)))));
}
