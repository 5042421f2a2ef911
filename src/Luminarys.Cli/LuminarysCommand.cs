using System.CommandLine;
using System.CommandLine.Help;
using Luminarys.Cli.Transfers;

namespace Luminarys.Cli;

/// <summary>The command line of <c>luminarys</c>. Options have one dash, as in the published documentation, or two.</summary>
internal static class LuminarysCommand
{
    private const string ExplainName = "explain";

    /// <summary>Signals belong to the application's own lifetime, which drains the node; the command line must not cut it off.</summary>
    public static InvocationConfiguration Signals { get; } = new() { ProcessTerminationTimeout = null };

    public static RootCommand Build()
    {
        var config = new Option<string?>("-config", "--config")
        {
            Description = "Configuration file. Without it: host.yaml of the working directory, else a demo echo skill on :8080.",
            HelpName = "FILE",
        };
        var check = new Option<bool>("-check", "--check")
        {
            Description = "Check the configuration and its manifests, print every problem, and exit with 0 or 1.",
        };

        var stdio = new Option<bool>("-stdio", "--stdio")
        {
            Description = "Serve one MCP client over standard input and output instead of HTTP, and stop when it closes the input.",
        };

        var command = new RootCommand("Runs a Luminarys node: sandboxed WASM skills as MCP tools.");
        command.Options.Clear();
        command.Add(config);
        command.Add(check);
        command.Add(stdio);
        command.Add(BuildExplain(config));
        command.Add(BuildRelay(config));
        command.Add(BuildCopy(config));
        command.Add(BuildTransfers(config));
        command.Add(BuildBusConfig());
        command.Add(BuildNodeKey());
        command.Add(new VersionOption("-version", "--version"));
        command.Add(new HelpOption("-help", "--help", "-h", "-?"));
        command.SetAction((parsed, cancellationToken) =>
        {
            var source = ConfigurationSource.Choose(parsed.GetValue(config), Directory.GetCurrentDirectory());
            return parsed.GetValue(check)
                ? CheckCommand.RunAsync(source, Console.Error, cancellationToken)
                : ServeCommand.RunAsync(source, parsed.GetValue(stdio), Console.Error, cancellationToken);
        });
        return command;
    }

    /// <summary>What the process exits with: a question that cannot be read is not a denial.</summary>
    public static int ExitCodeOf(ParseResult parsed, int answered) =>
        parsed.Errors.Count > 0 && parsed.CommandResult.Command.Name == ExplainName ? ExitCode.Usage : answered;

    private static Command BuildExplain(Option<string?> config)
    {
        var manifest = new Argument<string>("manifest") { Description = "Manifest file." };
        var capability = new Argument<string>("capability") { Description = $"One of: {ExplainQuestion.Capabilities}." };
        var resource = new Argument<string>("resource")
        {
            Description = "A path with :ro or :rw, a URL, host:port, a command line, node:path, a variable or a skill id.",
        };
        var explain = new Command(ExplainName, "Says what a manifest allows and why. Exits with 0 when it is allowed, 1 when denied, 2 when the question cannot be answered.")
        {
            manifest, capability, resource, config,
        };
        explain.SetAction(parsed => ExplainCommand.Run(
            parsed.GetRequiredValue(manifest),
            parsed.GetRequiredValue(capability),
            parsed.GetRequiredValue(resource),
            ConfigurationSource.Choose(parsed.GetValue(config), Directory.GetCurrentDirectory()),
            Console.Out,
            Console.Error));
        return explain;
    }

    private static Command BuildRelay(Option<string?> config)
    {
        var relay = new Command("relay", "Runs the relay that carries files between nodes, as a process of its own. It takes the master's configuration file.") { config };
        relay.SetAction((parsed, cancellationToken) => RelayCommand.RunAsync(
            ConfigurationSource.Choose(parsed.GetValue(config), Directory.GetCurrentDirectory()), Console.Error, cancellationToken));
        return relay;
    }

    private static Command BuildCopy(Option<string?> config)
    {
        const string Form = "as node:///path";
        var source = new Argument<string>("source") { Description = $"The file, {Form}." };
        var destination = new Argument<string>("destination") { Description = $"Where to, {Form}. One that ends in / gets the name of the file." };
        var keep = new Option<bool>("-no-overwrite", "--no-overwrite") { Description = "Fail when there is a file of this name." };
        var copy = new Command(
            "cp",
            "Copies a file from any node to any node. Exits with 0 when the receiver has it, verified and stored; 3 when it was refused or failed; 4 when nobody says how it ended; 130 after Ctrl-C: the same command takes it up again.")
        {
            source, destination, keep, config,
        };
        copy.SetAction(parsed => CopyCommand.RunAsync(
            parsed.GetRequiredValue(source),
            parsed.GetRequiredValue(destination),
            !parsed.GetValue(keep),
            ConfigurationSource.Choose(parsed.GetValue(config), Directory.GetCurrentDirectory()),
            Console.Out,
            (Console.Error, !Console.IsErrorRedirected)));
        return copy;
    }

    private static Command BuildTransfers(Option<string?> config)
    {
        var name = new Argument<string>("id") { Description = "Its name in the list, or how that begins." };
        var cancel = new Command("cancel", "Gives a transfer up, whoever wants it. What has come is kept for a while.") { name, config };
        cancel.SetAction(parsed => TransfersCommand.CancelAsync(parsed.GetRequiredValue(name), Source(parsed), Console.Out, Console.Error));
        var transfers = new Command("transfers", "Lists the files that are on their way between nodes, and those that ended in the last minutes.") { config, cancel };
        transfers.SetAction(parsed => TransfersCommand.ListAsync(Source(parsed), Console.Out, Console.Error));
        return transfers;

        ConfigurationSource Source(ParseResult parsed) => ConfigurationSource.Choose(parsed.GetValue(config), Directory.GetCurrentDirectory());
    }

    private static Command BuildBusConfig()
    {
        var cluster = new Argument<string>("cluster") { Description = "Cluster id." };
        var nodes = new Argument<string[]>("nodes") { Description = "Node ids, the master first.", Arity = ArgumentArity.OneOrMore };
        var isOperator = new Option<bool>("-operator", "--operator") { Description = "Also make the user 'op-cli' of operator commands." };
        var folder = new Option<string?>("-out", "--out")
        {
            Description = "Folder for the server's file and, for each node, a file of its credentials. Who has credentials there keeps them. Without it: print the server's file.",
            HelpName = "FOLDER",
        };
        var listen = new Option<string>("-listen", "--listen") { Description = "Address that the server listens on.", DefaultValueFactory = _ => "0.0.0.0:4222", HelpName = "HOST:PORT" };
        var certificate = new Option<string?>("-tls-cert", "--tls-cert") { Description = "The server's certificate, PEM: nodes connect by TLS.", HelpName = "FILE" };
        var key = new Option<string?>("-tls-key", "--tls-key") { Description = "Key of the server's certificate, PEM.", HelpName = "FILE" };
        var authority = new Option<string?>("-tls-ca", "--tls-ca") { Description = "Authority of the nodes' certificates, PEM: a node must show one.", HelpName = "FILE" };
        var command = new Command("bus-config", "Makes the configuration of a NATS server with a user for each node, who can do nothing in another node's name.")
        {
            cluster, nodes, isOperator, folder, listen, certificate, key, authority,
        };
        command.SetAction(parsed =>
        {
            if (!BusConfigCommand.TryRead(parsed.GetRequiredValue(cluster), parsed.GetRequiredValue(nodes), out var request, out var problem))
            {
                Console.Error.WriteLine($"error: {problem}");
                return ExitCode.Configuration;
            }

            request = request with
            {
                HasOperator = parsed.GetValue(isOperator),
                Listen = parsed.GetRequiredValue(listen),
                TlsCertificate = parsed.GetValue(certificate),
                TlsKey = parsed.GetValue(key),
                TlsAuthority = parsed.GetValue(authority),
            };
            return BusConfigCommand.Run(request, parsed.GetValue(folder), Console.Out, Console.Error);
        });
        return command;
    }

    private static Command BuildNodeKey()
    {
        var file = new Argument<string>("file") { Description = "PEM file. It is made when it is not there." };
        var nodeKey = new Command("node-key", "Makes the key of a node and prints its fingerprint, which other nodes list under cluster.trusted_nodes.") { file };
        nodeKey.SetAction(parsed => NodeKeyCommand.Run(parsed.GetRequiredValue(file), Console.Out, Console.Error));
        return nodeKey;
    }
}
