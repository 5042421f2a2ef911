using System.CommandLine;

namespace Luminarys.Lmsk.Running;

/// <summary><c>lmsk run</c>.</summary>
internal static class RunCommand
{
    public static Command Build(TextWriter output, TextWriter errors)
    {
        var file = new Argument<string>("file") { Description = "A .skill package or a .wasm module." };
        var method = new Argument<string?>("method") { Description = "Method to call. Without one, the skill is described.", DefaultValueFactory = _ => null };
        var arguments = new Argument<string[]>("arguments")
        {
            Description = "key=value by the method's parameters; key=@FILE for the bytes of a file; an array as JSON or key=value again and again.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var json = new Option<string?>("-json", "--json") { Description = "All arguments as one JSON object.", HelpName = "JSON" };
        var manifest = new Option<string?>("-manifest", "--manifest") { Description = "Run with the permissions of this manifest; its path is not used.", HelpName = "FILE" };
        var allow = new Option<string[]>("-allow", "--allow") { Description = $"Grant one thing: {Grants.Forms}.", HelpName = "GRANT" };
        var command = new Command("run", "Describe a skill or call a method of it here, and show what it does. Exits with 0 when the call succeeded, 1 when it failed, 2 for wrong usage.")
        {
            file, method, arguments, json, manifest, allow,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var request = new RunRequest(parsed.GetRequiredValue(file), parsed.GetValue(method), parsed.GetValue(arguments) ?? [])
            {
                Json = parsed.GetValue(json),
                ManifestFile = parsed.GetValue(manifest),
                Grants = parsed.GetValue(allow) ?? [],
            };
            return new SkillRun(request, output, errors).RunAsync(cancellationToken);
        });
        return command;
    }
}
