using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Luminarys.Cluster;
using Luminarys.Nodes;

namespace Luminarys.Cli;

/// <summary>Makes the configuration of a NATS server that holds every node to its own name.</summary>
internal static class BusConfigCommand
{
    private const string ServerFile = "nats-server.conf";
    private const string OperatorPrefix = "op-";

    /// <summary>Writes it to the folder, with a file of credentials for each node; without a folder prints it.</summary>
    public static int Run(BusConfigRequest request, string? folder, TextWriter output, TextWriter errors)
    {
        if (FindProblem(request) is { } problem)
        {
            return Fail(problem, errors);
        }

        try
        {
            if (folder is not null)
            {
                Directory.CreateDirectory(folder);
            }

            if (!TryMakeUsers(request, new(folder), out var users, out var fault))
            {
                return Fail(fault, errors);
            }

            var text = BusConfigText.Write(request, users);
            if (folder is null)
            {
                output.Write(text);
                return ExitCode.Ok;
            }

            var file = Path.Combine(folder, ServerFile);
            BusCredentials.WriteSecret(file, text);
            output.WriteLine(file);
            users.ForEach(user => output.WriteLine(Path.Combine(folder, $"{user.Name}.env")));
            return ExitCode.Ok;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Fail(exception.Message, errors);
        }
    }

    /// <summary>Reads the names of the command line; what is wrong with them is in <paramref name="problem"/>.</summary>
    public static bool TryRead(
        string cluster, IReadOnlyList<string> nodes, [NotNullWhen(true)] out BusConfigRequest? request, [NotNullWhen(false)] out string? problem)
    {
        request = null;
        problem = null;
        const string Form = "use 1 to 63 letters, digits, '_' or '-'";
        var ids = ImmutableArray.CreateBuilder<NodeId>();
        foreach (var text in nodes)
        {
            if (!NodeId.TryParse(text, out var id))
            {
                problem = $"'{text}' is not a node id: {Form}";
                return false;
            }

            ids.Add(id);
        }

        if (!ClusterId.TryParse(cluster, out var clusterId))
        {
            problem = $"'{cluster}' is not a cluster id: {Form}";
            return false;
        }

        request = new(clusterId, ids.DrainToImmutable());
        return true;
    }

    private static string? FindProblem(BusConfigRequest request)
    {
        if (request.Nodes.FirstOrDefault(node => node.Value.StartsWith(OperatorPrefix, StringComparison.Ordinal)) is { Value.Length: > 0 } reserved)
        {
            return $"'{reserved}' is reserved: node ids that begin with '{OperatorPrefix}' belong to operator commands; use -operator for theirs";
        }

        return request.Nodes.GroupBy(node => node).FirstOrDefault(group => group.Count() > 1) is { } twice ? $"node '{twice.Key}' is named twice"
            : (request.TlsCertificate is null) != (request.TlsKey is null) ? "-tls-cert and -tls-key belong together"
            : request.TlsAuthority is not null && request.TlsCertificate is null ? "-tls-ca needs -tls-cert and -tls-key"
            : null;
    }

    private static bool TryMakeUsers(
        BusConfigRequest request, BusCredentials credentials, [NotNullWhen(true)] out List<BusUser>? users, [NotNullWhen(false)] out string? problem)
    {
        users = [];
        problem = null;
        var operators = request.HasOperator ? ImmutableArray.Create(BusConfigRequest.OperatorNode) : [];
        foreach (var node in request.Nodes.Concat(operators))
        {
            if (!credentials.TryGet(node, out var password, out problem))
            {
                users = null;
                return false;
            }

            var permissions = node == request.Nodes[0] ? BusPermissions.OfMaster(request.Cluster, node)
                : node == BusConfigRequest.OperatorNode ? BusPermissions.OfOperator(request.Cluster, node)
                : BusPermissions.OfSlave(request.Cluster, node);
            users.Add(new(node.Value, password, permissions));
        }

        return true;
    }

    private static int Fail(string problem, TextWriter errors)
    {
        errors.WriteLine($"error: {problem}");
        return ExitCode.Configuration;
    }
}
