using System.Text.Json;
using Luminarys.Invocations;
using Luminarys.Mcp.Files;
using Luminarys.Mcp.Tools;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Mcp.Arguments;

/// <summary>Turns the arguments of a call into the guest's, files included. Thread-safe.</summary>
/// <param name="store">Files that clients brought.</param>
/// <param name="logger">Takes what went wrong with one.</param>
/// <param name="inbox">Where skills read them; null when they cannot.</param>
internal sealed class ToolArguments(FileStore store, ILogger<ToolArguments> logger, ISkillInbox? inbox = null)
{
    /// <summary>Prepares the arguments. The caller disposes of the outcome when the call has ended.</summary>
    /// <param name="method">What is called.</param>
    /// <param name="given">The client's arguments.</param>
    /// <param name="client">Who calls.</param>
    /// <param name="registry">Where skills are.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public ValueTask<PreparedArguments> PrepareAsync(
        ToolMethod method, IDictionary<string, JsonElement>? given, ToolClient client, RegistrySnapshot registry, CancellationToken cancellationToken)
    {
        foreach (var parameter in method.Parameters)
        {
            if (IsFile(parameter, given))
            {
                return FetchAsync(method, given!, client, registry, cancellationToken);
            }
        }

        return new(Encode(method, given, files: null));
    }

    private async ValueTask<PreparedArguments> FetchAsync(
        ToolMethod method, IDictionary<string, JsonElement> given, ToolClient client, RegistrySnapshot registry, CancellationToken cancellationToken)
    {
        var fetch = new FileFetch(store, inbox, registry, method);
        var isTaken = false;
        try
        {
            var owner = FileOwner.Of(client.Principal, client.SessionId);
            foreach (var parameter in method.Parameters.Where(parameter => IsFile(parameter, given)))
            {
                var name = parameter.Declared.Name;
                if (await fetch.AddAsync(name, given[name], owner, cancellationToken).ConfigureAwait(false) is { } refusal)
                {
                    return new(default, refusal.Error, refusal.Message);
                }
            }

            var prepared = Encode(method, given, fetch.Values) with { Node = fetch.Node, Copies = fetch.Copies };
            isTaken = prepared.IsReady;
            return prepared;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.FileNotStored(exception);
            return new(default, InvocationError.Internal, "a file of the call could not be copied; the host's log says why");
        }
        finally
        {
            if (!isTaken)
            {
                fetch.Copies?.Dispose();
            }
        }
    }

    private static PreparedArguments Encode(ToolMethod method, IDictionary<string, JsonElement>? given, Dictionary<string, FileValue>? files)
    {
        var encoded = ArgumentEncoder.Encode(method.Parameters, given, files);
        return new(encoded.Payload, encoded.Problem is null ? InvocationError.None : InvocationError.BadArgument, encoded.Problem);
    }

    private static bool IsFile(ToolParameter parameter, IDictionary<string, JsonElement>? given) =>
        parameter.Declared.Type == ParameterType.String && given is not null && given.TryGetValue(parameter.Declared.Name, out var value) && FileArgument.Is(value);
}
