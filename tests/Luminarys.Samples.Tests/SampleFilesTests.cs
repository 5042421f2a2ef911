using System.Security.Cryptography;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Skills;
using Luminarys.Skills.Authoring;

namespace Luminarys.Samples;

/// <summary>The files of each sample belong together: source, generated code, module, manifest.</summary>
public sealed class SampleFilesTests
{
    public static TheoryData<string> Names => [.. Sample.Names];

    [Fact]
    public void Names_OfTheFolder_AreFound() => Assert.Contains("echo", Sample.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void Lib_OfEachSample_IsWhatTheGeneratorWrites(string name)
    {
        var sample = new Sample(name);
        var source = sample.ReadSource();

        Assert.Empty(source.Problems);
        Assert.Equal(SkillEmitter.Emit(SkillLanguage.AssemblyScript, source.Skill!), File.ReadAllText(sample.File("assembly/lib.ts")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Manifest_OfEachSample_HasNoProblemAndGrantsWhatThePackageNeeds(string name)
    {
        var sample = new Sample(name);
        var skill = sample.ReadSource().Skill!;
        var reader = new ManifestReader(Sample.Root, new Dictionary<string, string>()) { UnknownKeys = ConfigurationSeverity.Error };

        var result = reader.Read(sample.File("manifest.yaml"));

        Assert.DoesNotContain(result.Problems, problem => problem.Severity == ConfigurationSeverity.Error);
        Assert.All(result.Problems, IsAboutTheMachine);
        Assert.Equal(sample.Module, result.Manifest!.PackagePath);
        var descriptor = new SkillDescriptor(new(skill.Id), skill.Name, skill.Version, skill.Description, [], skill.Requirements, 0);
        var report = RequirementCheck.Check(descriptor, result.Manifest, hasLanguageModel: false);
        Assert.Empty(report.Unmet);
        Assert.Empty(report.Warnings);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Module_OfEachSample_HasTheCommittedDigest(string name)
    {
        var sample = new Sample(name);
        var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(sample.Module)));

        Assert.Equal($"{digest}  {name}.wasm\n", File.ReadAllText(sample.Module + ".sha256"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Descriptor_UnderTheSamplesManifest_SaysWhatTheAnnotationsSay(string name)
    {
        var sample = new Sample(name);
        var skill = sample.ReadSource().Skill!;

        await using var host = await SampleHost.StartAsync(name, _ => GrantsOf(sample));

        var descriptor = host.Skill.Descriptor;
        Assert.Equal((skill.Id, skill.Name, skill.Version, skill.Description), (descriptor.Package.Value, descriptor.Name, descriptor.Version, descriptor.Description));
        Assert.Equal(skill.Requirements, descriptor.Requirements);
        Assert.Equal(skill.Methods.Select(Line), descriptor.Methods.Select(Line));
    }

    // What a missing directory of this machine, or a variable that is not set, makes a manifest say is not about the file.
    private static void IsAboutTheMachine(ConfigurationProblem problem) =>
        Assert.True(problem.Key.StartsWith("env", StringComparison.Ordinal), problem.ToString());

    // The manifest without what the host of these tests writes itself.
    private static string GrantsOf(Sample sample) => string.Join('\n', File.ReadLines(sample.File("manifest.yaml"))
        .Where(line => !line.StartsWith("id:", StringComparison.Ordinal) && !line.StartsWith("path:", StringComparison.Ordinal)));

    private static string Line(AuthoredMethod method) =>
        $"{method.Name} \"{method.Description}\" {method.IsInternal || method.IsCallback} {method.IsCallback}"
        + string.Concat(method.Parameters.Select(one => $"; {one.Name} {TypeOf(one.Type.Kind)} \"{one.Description}\" {one.IsRequired}"));

    private static string Line(SkillMethod method) =>
        $"{method.Name} \"{method.Description}\" {method.IsHidden} {method.IsCallback}"
        + string.Concat(method.Parameters.Select(one => $"; {one.Name} {one.Type} \"{one.Description}\" {one.IsRequired}"));

    private static ParameterType TypeOf(AuthoredKind kind) => kind switch
    {
        AuthoredKind.Integer => ParameterType.Integer,
        AuthoredKind.Number => ParameterType.Number,
        AuthoredKind.Boolean => ParameterType.Boolean,
        AuthoredKind.TextList or AuthoredKind.IntegerList => ParameterType.Array,
        AuthoredKind.Object => ParameterType.Object,
        _ => ParameterType.String,
    };
}
