using System.CommandLine;
using Luminarys.Skills.Authoring;

namespace Luminarys.Lmsk.Watching;

/// <summary><c>lmsk watch</c>.</summary>
internal static class WatchCommand
{
    public static Command Build(TextWriter output, TextWriter errors)
    {
        var directory = new Argument<string>("directory") { Description = "Folder of the project.", DefaultValueFactory = _ => "." };
        var run = new Argument<string[]>("run") { Description = "After --: method, arguments and options as for 'lmsk run'.", Arity = ArgumentArity.ZeroOrMore };
        var language = new Option<string?>("-lang", "--lang") { Description = "as, go or rust. Default: by the sources that are there." };
        language.AcceptOnlyFromAmong("as", "go", "rust");
        var build = new Option<string?>("-build", "--build") { Description = "Shell command that makes the module, run in the folder. Default: that of the language.", HelpName = "COMMAND" };
        var module = new Option<string?>("-wasm", "--wasm") { Description = "The module. Default: the newest .wasm of the project.", HelpName = "FILE" };
        var command = new Command("watch", "Generate, build and run a skill again whenever its sources change, until Ctrl-C.") { directory, run, language, build, module };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = parsed.GetValue(directory)!;
            if (!Directory.Exists(folder))
            {
                return LmskCommand.Fail(errors, $"{folder}: there is no such folder");
            }

            var kind = KindOf(parsed.GetValue(language), folder);
            var request = new WatchRequest(folder, kind, parsed.GetValue(build) ?? BuildOf(kind, folder), parsed.GetValue(module), parsed.GetValue(run) ?? []);
            await new WatchLoop(request, TimeProvider.System, output, errors).RunAsync(cancellationToken).ConfigureAwait(false);
            return LmskCommand.Ok;
        });
        return command;
    }

    private static SkillLanguage KindOf(string? language, string directory) => language switch
    {
        "as" => SkillLanguage.AssemblyScript,
        "rust" => SkillLanguage.Rust,
        null when SourceFinder.Find(SkillLanguage.AssemblyScript, directory) is not null => SkillLanguage.AssemblyScript,
        null when SourceFinder.Find(SkillLanguage.Rust, directory) is not null => SkillLanguage.Rust,
        _ => SkillLanguage.Go,
    };

    private static string BuildOf(SkillLanguage language, string directory) => language switch
    {
        SkillLanguage.AssemblyScript => "npm run --silent build",
        SkillLanguage.Rust => "cargo build --target wasm32-wasip1 --release",
        _ => $"GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o '{Path.GetFileName(Path.GetFullPath(directory)).Replace("'", "", StringComparison.Ordinal)}.wasm' .",
    };
}
