namespace Luminarys.Samples;

/// <summary>The programs that skills run in tests. Where they are missing, tests are skipped with a hint, and fail in CI.</summary>
internal static class Programs
{
    private static readonly string[] s_path = ["/usr/local/bin", "/usr/bin", "/bin"];

    /// <summary>Needs a program in a directory that hosts look into.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="package">The Debian package that has it.</param>
    public static void Need(string program, string package)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Hosts run programs on Linux only.");
        Need(s_path.Any(directory => File.Exists(Path.Combine(directory, program))), $"{program} is not installed: apt-get install {package}");
    }

    /// <summary>Needs something that is known otherwise.</summary>
    public static void Need(bool isThere, string hint)
    {
        if (!isThere)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", hint);
            Assert.Fail(hint);
        }
    }
}
