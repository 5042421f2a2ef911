namespace Luminarys.Files.Tests.Races;

/// <summary>The same acts as programs usually do them: follow the links, see that the result is inside, then use the path.</summary>
internal static class NaiveActs
{
    private const UnixFileMode Everything = (UnixFileMode)0x1FF;

    public static RaceAct Of(string name) => name switch
    {
        "read" => Checked("secret.txt", path => OutcomeOf(File.ReadAllText(path) == GrantedTree.Secret)),
        "list" => Checked("", path => OutcomeOf(File.Exists($"{path}/{RaceGround.OnlyOutside}"))),
        "write" => Checked("secret.txt", path => File.WriteAllText(path, "changed")),
        "delete" => Checked("victim/keep.txt", File.Delete),
        "mkdir" => Checked("made", path => Directory.CreateDirectory($"{path}/made"), parent: true),
        "chmod" => Checked("secret.txt", path => File.SetUnixFileMode(path, Everything)),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static RaceAct Checked(string name, Action<string> act, bool parent = false) => Checked(
        parent ? "" : name,
        path =>
        {
            act(path);
            return RaceOutcome.Done;
        });

    private static RaceAct Checked(string name, Func<string, RaceOutcome> act) => ground =>
    {
        var path = Path.TrimEndingDirectorySeparator(Path.Combine(ground.Target, name));
        try
        {
            return RealPath(path).StartsWith(ground.Tree.Inside + "/", StringComparison.Ordinal) ? act(path) : RaceOutcome.Refused;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return RaceOutcome.Refused;
        }
    };

    private static string RealPath(string path)
    {
        var real = "/";
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, segment);
            real = new FileInfo(next).LinkTarget is { } target ? Path.GetFullPath(Path.Combine(real, target)) : next;
        }

        return real;
    }

    private static RaceOutcome OutcomeOf(bool leaked) => leaked ? RaceOutcome.Leaked : RaceOutcome.Done;
}
