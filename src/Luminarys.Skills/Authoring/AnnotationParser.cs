using System.Collections.Immutable;

namespace Luminarys.Skills.Authoring;

/// <summary>Reads the annotations of a skill's source, and the functions that they stand above.</summary>
public static class AnnotationParser
{
    /// <summary>Reads the files of one skill.</summary>
    public static AuthoringResult Read(SkillLanguage language, IReadOnlyList<SourceFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        ISignatureReader signatures = language switch
        {
            SkillLanguage.AssemblyScript => new AssemblyScriptSignatures(),
            SkillLanguage.Go => new GoSignatures(),
            _ => new RustSignatures(),
        };
        var problems = new List<AuthorProblem>();
        var header = new SkillHeader();
        var methods = ImmutableArray.CreateBuilder<AuthoredMethod>();
        foreach (var file in files)
        {
            var log = new ProblemLog(file.Name);
            methods.AddRange(new FileReader(signatures, header, log, language == SkillLanguage.Go).Read(file.Text));
            problems.AddRange(log.Problems);
        }

        var end = new ProblemLog(files.Count > 0 ? files[0].Name : "");
        header.Check(end);
        FindDoubles(methods, end);
        if (methods.Count == 0 && !problems.Exists(problem => problem.IsError))
        {
            end.Error(1, "there is no method: write // @skill:method name \"what it does\" directly above an exported function");
        }

        problems.AddRange(end.Problems);
        return new(
            problems.Exists(problem => problem.IsError) ? null : header.ToSkill(methods.ToImmutable()),
            [.. problems.OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Line)]);
    }

    private static void FindDoubles(IEnumerable<AuthoredMethod> methods, ProblemLog problems)
    {
        foreach (var group in methods.GroupBy(method => method.Name, StringComparer.Ordinal))
        {
            foreach (var second in group.Skip(1))
            {
                problems.Error(second.Function.Line, $"method '{second.Name}' is there already, on line {group.First().Function.Line}; give it another name");
            }
        }
    }
}
