using Luminarys.Skills.Keys;

[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]

namespace Luminarys.Lmsk.Tests;

/// <summary>Runs command lines in a folder of their own, which is also the working directory. Tests of this project run one after the other for that.</summary>
internal sealed class Workbench : IDisposable
{
    private static readonly string[] s_variables = ["LMSK_KEY", "LMSK_PASSPHRASE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lmsk-");
    private readonly string _before = Directory.GetCurrentDirectory();

    public Workbench()
    {
        Directory.SetCurrentDirectory(Folder);
        Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", PathOf("config"));
    }

    public string Folder => _folder.FullName;

    /// <summary>What the last command line printed.</summary>
    public string Output { get; private set; } = "";

    /// <summary>What the last command line complained about.</summary>
    public string Errors { get; private set; } = "";

    /// <summary>Everything that all command lines printed.</summary>
    public string Everything { get; private set; } = "";

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    public async Task<int> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await LmskCommand.RunAsync(args, output, errors, TestContext.Current.CancellationToken);
        (Output, Errors) = (output.ToString(), errors.ToString());
        Everything += Output + Errors;
        return code;
    }

    /// <summary>Runs a command line that must succeed.</summary>
    public async Task<string> DoAsync(params string[] args)
    {
        var code = await RunAsync(args);
        Assert.True(code == LmskCommand.Ok, $"lmsk {string.Join(' ', args)}: {code}: {Errors}");
        return Output;
    }

    /// <summary>Runs a command line that must be refused with one line on the error stream, and answers it.</summary>
    public async Task<string> RefuseAsync(params string[] args)
    {
        Assert.Equal(LmskCommand.Failed, await RunAsync(args));
        return Assert.Single(Errors.TrimEnd('\n').Split('\n'));
    }

    /// <summary>A key file that a test signs with.</summary>
    public string MakeKey(string name = "test.pem")
    {
        using var key = SigningKey.Create();
        key.Save(PathOf(name), null);
        return PathOf(name);
    }

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        foreach (var variable in s_variables)
        {
            Environment.SetEnvironmentVariable(variable, null);
        }

        _folder.Delete(recursive: true);
    }
}
