using System.CommandLine;

namespace Luminarys.Lmsk.Scaffolding;

/// <summary><c>lmsk new</c>.</summary>
internal static class NewCommand
{
    public static Command Build(TextWriter output, TextWriter errors)
    {
        var name = new Argument<string>("name") { Description = "Name of the skill: lower-case letters, digits and hyphens." };
        var language = new Option<string>("-lang", "--lang") { Description = "as, go or rust.", DefaultValueFactory = _ => "as" };
        language.AcceptOnlyFromAmong("as", "go", "rust");
        var id = new Option<string?>("-id", "--id") { Description = "Package id. Default: com.example.NAME.", HelpName = "ID" };
        var directory = new Option<string?>("-dir", "--dir") { Description = "Folder of the project; it must be empty or not exist. Default: NAME.", HelpName = "DIR" };
        var command = new Command("new", "Make the project of a new skill.") { name, language, id, directory };
        command.SetAction(parsed =>
        {
            var names = new ProjectNames(parsed.GetRequiredValue(name), parsed.GetValue(id) ?? $"com.example.{parsed.GetRequiredValue(name)}");
            if (names.FindFault() is { } fault)
            {
                errors.WriteLine(fault);
                return LmskCommand.Usage;
            }

            return Run(parsed.GetValue(language)!, names, parsed.GetValue(directory) ?? names.Name, output, errors);
        });
        return command;
    }

    private static int Run(string language, ProjectNames names, string directory, TextWriter output, TextWriter errors)
    {
        try
        {
            if (File.Exists(directory) || (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()))
            {
                return LmskCommand.Fail(errors, $"{directory}: it exists and is not an empty folder; name another one with -dir");
            }

            var count = 0;
            foreach (var (path, text) in Scaffold.Files(language, names))
            {
                var file = Path.Combine(directory, path);
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
                File.WriteAllText(file, text);
                count++;
            }

            output.WriteLine($"{directory}: {count} files; README.md there says how to go on");
            return LmskCommand.Ok;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return LmskCommand.Fail(errors, $"{directory}: {exception.Message}");
        }
    }
}
