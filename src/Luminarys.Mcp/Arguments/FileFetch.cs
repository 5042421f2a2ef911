using System.Text.Json;
using Luminarys.Invocations;
using Luminarys.Mcp.Files;
using Luminarys.Mcp.Tools;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;

namespace Luminarys.Mcp.Arguments;

/// <summary>Fetches the files that the arguments of one call name. Used once; what it copied belongs to whoever takes <see cref="Copies"/>.</summary>
internal sealed class FileFetch(FileStore store, ISkillInbox? inbox, RegistrySnapshot registry, ToolMethod method)
{
    /// <summary>Largest content that goes into arguments.</summary>
    public const int MaxContent = 15 * 1024 * 1024;

    private long _content;

    /// <summary>What was fetched, by parameter.</summary>
    public Dictionary<string, FileValue> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The node that the copies are on; null without copies.</summary>
    public NodeId? Node { get; private set; }

    /// <summary>The copies; null for none.</summary>
    public FileCopies? Copies { get; private set; }

    /// <summary>Fetches one; answers why it cannot be had, or null.</summary>
    /// <exception cref="IOException">A file cannot be read or copied.</exception>
    public async ValueTask<InvocationResult?> AddAsync(string parameter, JsonElement value, FileOwner owner, CancellationToken cancellationToken)
    {
        if (!FileArgument.TryRead(value, out var argument))
        {
            return Bad(parameter, """expected {"$file": "<handle>"}, with "as": "bytes" for the content""");
        }

        if (store.Find(owner, argument.Handle) is not { } file)
        {
            return Bad(parameter, UnknownFile.Text);
        }

        return argument.IsContent
            ? await TakeContentAsync(parameter, file, cancellationToken).ConfigureAwait(false)
            : await CopyAsync(parameter, file, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<InvocationResult?> TakeContentAsync(string parameter, StoredFile file, CancellationToken cancellationToken)
    {
        _content += file.Length;
        if (_content > MaxContent)
        {
            return InvocationResult.Failure(
                InvocationError.PayloadTooLarge, $"parameter {parameter}: files given as bytes have at most {MaxContent} bytes together; give a path");
        }

        var bytes = new byte[file.Length];
        var stream = file.Open();
        await using (stream.ConfigureAwait(false))
        {
            await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        }

        Values[parameter] = new(null, bytes);
        return null;
    }

    private async ValueTask<InvocationResult?> CopyAsync(string parameter, StoredFile file, CancellationToken cancellationToken)
    {
        Copies ??= Begin();
        if (Copies is null)
        {
            return InvocationResult.Failure(InvocationError.BadArgument, Elsewhere(parameter));
        }

        if (await Copies.AddAsync(file, cancellationToken).ConfigureAwait(false) is not { } path)
        {
            return InvocationResult.Failure(InvocationError.Busy, "the files of clients take too much room; try again when other calls have ended");
        }

        Values[parameter] = new(path, default);
        return null;
    }

    private FileCopies? Begin() => FindHere() is not null && inbox?.Open(method.Skill) is { } directory ? new(store, directory) : null;

    // This is the master's edge: the files are where it is.
    private NodeId? FindHere()
    {
        foreach (var node in registry.Nodes)
        {
            if (node.Role == NodeRole.Master && (method.Node ?? node.Id) == node.Id && registry.FindOn(node.Id, method.Skill) is not null)
            {
                Node = node.Id;
                return Node;
            }
        }

        return null;
    }

    private string Elsewhere(string parameter) =>
        $"parameter {parameter}: a file goes as a path only to a skill of the master's own node, which {method.Skill} is not, and only where the host has an inbox for it; give it with \"as\": \"bytes\" (up to {MaxContent} bytes)";

    private static InvocationResult Bad(string parameter, string problem) =>
        InvocationResult.Failure(InvocationError.BadArgument, $"invalid parameter {parameter}: {problem}");
}
