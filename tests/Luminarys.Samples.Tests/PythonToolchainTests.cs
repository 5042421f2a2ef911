using System.IO.Compression;

namespace Luminarys.Samples;

public sealed class PythonToolchainTests
{
    // One test for what builds on another: an environment takes seconds.
    [Fact]
    public async Task Environment_OfAProject_InstallsAndRuns()
    {
        await using var host = await StartAsync();
        var workdir = host.Data;
        var made = await host.ResultAsync("venv", new { workdir });
        Programs.Need(!made.Contains("ensurepip", StringComparison.Ordinal), "python3 has no ensurepip: apt-get install python3-venv");
        Assert.Equal("ok", made);
        host.Write("hello.py", "import sys\nprint('hello', sys.argv[1:], sys.prefix)\n");
        Assert.Equal("", await host.ResultAsync("pip_freeze", new { workdir }));
        Assert.StartsWith("ERROR: .venv/bin/pytest ended with exit code 127", await host.ResultAsync("test", new { workdir }), StringComparison.Ordinal);

        WriteWheel(host.PathOf("wheels"));
        var installed = await host.ResultAsync("pip_install", new { workdir, packages = "--no-index --find-links wheels luminary>=1.0" });
        Assert.Contains("Successfully installed luminary-1.0", installed, StringComparison.Ordinal);
        Assert.Equal("luminary==1.0", await host.ResultAsync("pip_freeze", new { workdir }));
        Assert.Equal("checked ['-v', 'my tests', 'b']", await host.ResultAsync("test", new { workdir, path = "'my tests' b", verbose = "true" }));

        Assert.Equal(
            $"hello ['one', 'two three', 'a>b', '$HOME'] {host.PathOf(".venv")}",
            await host.ResultAsync("run_script", new { workdir, script = "hello.py", args = "one 'two three' a>b $HOME" }));
        Assert.Equal("3\nit's", await host.ResultAsync("run_script", new { workdir, script = """-c 'print(1 + 2); print("it"+chr(39)+"s")'""" }));
        Assert.Equal("a\"b", await host.ResultAsync("run_script", new { workdir, script = """-c "print('a\"b')" """ }));
        var failed = await host.ResultAsync("run_script", new { workdir, script = "-c 'raise ValueError(\"no\")'" });
        Assert.StartsWith("ERROR: .venv/bin/python ended with exit code 1\n", failed, StringComparison.Ordinal);
        Assert.Contains("ValueError: no", failed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_InTheBackground_RunsUntilItIsEnded()
    {
        await using var host = await StartAsync();
        LinkPython(host);
        host.Write("server.py", "import sys, time\nprint('up', sys.argv[1:], flush=True)\ntime.sleep(600)\n");

        var program = await BackgroundProgram.StartAsync(host, ".venv/bin/python server.py --port 8080", "");
        Assert.StartsWith(Path.GetTempPath(), program.LogFile, StringComparison.Ordinal);
        try
        {
            await program.AwaitLogAsync("up ['--port', '8080']");
            Assert.Contains("server.py --port 8080", await program.LineAsync(), StringComparison.Ordinal);
            Assert.Equal("ok", await host.ResultAsync("kill", new { pid = program.Pid }));
            await program.AwaitEndAsync();
            Assert.Contains("No such process", await host.ResultAsync("kill", new { pid = program.Pid, signal = "-KILL" }), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(program.LogFile);
        }
    }

    [Fact]
    public async Task Program_BehindTheFence_ReadsNoOtherFiles()
    {
        await using var host = await StartAsync();
        LinkPython(host);
        var secret = Directory.CreateTempSubdirectory("lm-secret-");
        try
        {
            File.WriteAllText(Path.Combine(secret.FullName, "key"), "secret");
            var code = $"-c 'print(open(\"{secret.FullName}/key\").read())'";

            var answer = await host.ResultAsync("run_script", new { workdir = host.Data, script = code });

            // A kernel without Landlock has no fence, and the host says so when it starts.
            Assert.SkipWhen(answer == "secret", "this kernel has no Landlock");
            Assert.Contains("PermissionError", answer, StringComparison.Ordinal);
        }
        finally
        {
            secret.Delete(recursive: true);
        }
    }

    private static Task<SampleHost> StartAsync()
    {
        Programs.Need("python3", "python3-venv");
        Programs.Need("ps", "procps");
        return SampleHost.StartAsync("python-toolchain", CommittedManifest.Of("python-toolchain"));
    }

    // As much of an environment as a program without packages needs, in no time.
    private static void LinkPython(SampleHost host)
    {
        Directory.CreateDirectory(host.PathOf(".venv/bin"));
        File.CreateSymbolicLink(host.PathOf(".venv/bin/python"), "/usr/bin/python3");
    }

    // A package as pip takes it, with a program of its own.
    private static void WriteWheel(string folder)
    {
        const string Info = "luminary-1.0.dist-info";
        Directory.CreateDirectory(folder);
        using var wheel = ZipFile.Open(Path.Combine(folder, "luminary-1.0-py3-none-any.whl"), ZipArchiveMode.Create);
        var files = new Dictionary<string, string>
        {
            ["luminary.py"] = "import sys\n\ndef main():\n    print('checked', sys.argv[1:])\n",
            [$"{Info}/METADATA"] = "Metadata-Version: 2.1\nName: luminary\nVersion: 1.0\n",
            [$"{Info}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            [$"{Info}/entry_points.txt"] = "[console_scripts]\npytest = luminary:main\n",
        };
        files[$"{Info}/RECORD"] = string.Concat(files.Keys.Append($"{Info}/RECORD").Select(name => $"{name},,\n"));
        foreach (var (name, text) in files)
        {
            using var writer = new StreamWriter(wheel.CreateEntry(name).Open());
            writer.Write(text);
        }
    }
}
