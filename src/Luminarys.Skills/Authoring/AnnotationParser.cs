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
        var methods = new List<(AuthoredMethod Method, string File)>();
        foreach (var file in files)
        {
            var log = new ProblemLog(file.Name);
            foreach (var method in new FileReader(signatures, header, log, language == SkillLanguage.Go).Read(file.Text))
            {
                methods.Add((method, file.Name));
            }

            problems.AddRange(log.Problems);
        }

        var end = new ProblemLog(files.Count > 0 ? files[0].Name : "");
        header.Check(end);
        problems.AddRange(FindDoubles(methods));
        if (methods.Count == 0 && !problems.Exists(problem => problem.IsError))
        {
            end.Error(1, "there is no method: write // @skill:method name \"what it does\" directly above an exported function");
        }

        problems.AddRange(end.Problems);
        return new(
            problems.Exists(problem => problem.IsError) ? null : header.ToSkill([.. methods.Select(found => found.Method)]),
            [.. problems.OrderBy(problem => problem.File, StringComparer.Ordinal).ThenBy(problem => problem.Line)]);
    }

    private static IEnumerable<AuthorProblem> FindDoubles(IEnumerable<(AuthoredMethod Method, string File)> methods) =>
        from same in methods.GroupBy(found => found.Method.Name, StringComparer.Ordinal)
        let first = same.First()
        from second in same.Skip(1)
        let place = first.File == second.File ? $"line {first.Method.Function.Line}" : $"line {first.Method.Function.Line} of {first.File}"
        select new AuthorProblem(
            second.File, second.Method.Function.Line, true, $"method '{second.Method.Name}' is there already, on {place}; give it another name");
}
