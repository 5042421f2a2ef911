using System.CommandLine;
using Luminarys.Skills.Authoring;

namespace Luminarys.Lmsk;

/// <summary><c>lmsk generate</c>.</summary>
internal static class GenerateCommand
{
    public static Command Build(TextWriter output, TextWriter errors)
    {
        var directory = new Argument<string>("directory") { Description = "The skill's folder.", DefaultValueFactory = _ => "." };
        var language = new Option<string>("-lang", "--lang") { Description = "go, as or rust.", DefaultValueFactory = _ => "go" };
        language.AcceptOnlyFromAmong("go", "as", "rust");
        var outDirectory = new Option<string?>("-out", "--out") { Description = "Where to write. Default: beside the source.", HelpName = "DIR" };
        var force = new Option<bool>("-force", "--force") { Description = "Overwrite a file that lmsk did not write." };
        var verbose = new Option<bool>("-verbose", "--verbose") { Description = "Tell more." };
        var command = new Command("generate", "Write the source that joins a skill with its SDK.") { directory, language, outDirectory, force, verbose };
        command.SetAction(parsed =>
        {
            var kind = parsed.GetValue(language) switch
            {
                "as" => SkillLanguage.AssemblyScript,
                "rust" => SkillLanguage.Rust,
                _ => SkillLanguage.Go,
            };
            var sources = SourceFinder.Find(kind, parsed.GetValue(directory)!);
            return sources is null
                ? LmskCommand.Fail(errors, SourceFinder.Explain(kind, parsed.GetValue(directory)!))
                : Run(kind, sources, parsed.GetValue(outDirectory) ?? sources.Directory, parsed.GetValue(force), parsed.GetValue(verbose), output, errors);
        });
        return command;
    }

    private static int Run(
        SkillLanguage language, SkillSources sources, string directory, bool force, bool verbose, TextWriter output, TextWriter errors)
    {
        var result = AnnotationParser.Read(language, sources.Files);
        foreach (var problem in result.Problems)
        {
            errors.WriteLine(problem);
        }

        if (result.Skill is not { } skill)
        {
            return LmskCommand.Failed;
        }

        var file = Path.Combine(directory, SourceFinder.OutputOf(language));
        if (!force && File.Exists(file) && !IsGenerated(file))
        {
            return LmskCommand.Fail(errors, $"{file}:1: it was not written by lmsk and is kept; -force overwrites it");
        }

        try
        {
            Directory.CreateDirectory(directory);
            File.WriteAllText(file, SkillEmitter.Emit(language, skill));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return LmskCommand.Fail(errors, $"{file}: {exception.Message}");
        }

        if (verbose)
        {
            foreach (var method in skill.Methods)
            {
                output.WriteLine($"{method.Name}({string.Join(", ", method.Parameters.Select(parameter => parameter.Name))}) -> {method.Function.Name}");
            }
        }

        output.WriteLine($"{file}: {skill.Methods.Length} methods");
        return LmskCommand.Ok;
    }

    private static bool IsGenerated(string file)
    {
        using var reader = new StreamReader(file);
        return reader.ReadLine() == SkillEmitter.Marker;
    }
}
