namespace Luminarys.Skills.Authoring;

/// <summary>Writes how <c>main.go</c> reads arguments. A decoded number may have any of Go's numeric types.</summary>
internal static class GoArguments
{
    private const string Find = """
        func lmFind(args map[string]interface{}, name string, required bool) (interface{}, error) {
        	value, ok := args[name]
        	if (!ok || value == nil) && required {
        		return nil, fmt.Errorf("missing required parameter: %s", name)
        	}
        	return value, nil
        }

        func lmInvalid(name, expected string) error {
        	return fmt.Errorf("invalid parameter %s: expected %s", name, expected)
        }
        """;

    private const string Numbers = """
        func lmNumber(value interface{}) (float64, int64, bool) {
        	switch v := value.(type) {
        	case int8:
        		return float64(v), int64(v), true
        	case int16:
        		return float64(v), int64(v), true
        	case int32:
        		return float64(v), int64(v), true
        	case int64:
        		return float64(v), v, true
        	case int:
        		return float64(v), int64(v), true
        	case uint8:
        		return float64(v), int64(v), true
        	case uint16:
        		return float64(v), int64(v), true
        	case uint32:
        		return float64(v), int64(v), true
        	case uint64:
        		return float64(v), int64(v), true
        	case uint:
        		return float64(v), int64(v), true
        	case float32:
        		return float64(v), int64(v), true
        	case float64:
        		return v, int64(v), true
        	case string:
        		if whole, err := strconv.ParseInt(v, 10, 64); err == nil {
        			return float64(whole), whole, true
        		}
        		if number, err := strconv.ParseFloat(v, 64); err == nil {
        			return number, int64(number), true
        		}
        	case bool:
        		if v {
        			return 1, 1, true
        		}
        		return 0, 0, true
        	}
        	return 0, 0, false
        }
        """;

    private const string Text = """
        func lmTextOf(value interface{}) (string, bool) {
        	switch v := value.(type) {
        	case string:
        		return v, true
        	case []byte:
        		return string(v), true
        	case bool:
        		return strconv.FormatBool(v), true
        	case float32, float64:
        		number, _, _ := lmNumber(v)
        		return strconv.FormatFloat(number, 'g', -1, 64), true
        	}
        	if _, whole, ok := lmNumber(value); ok {
        		return strconv.FormatInt(whole, 10), true
        	}
        	return "", false
        }
        """;

    private const string TextReader = """
        func lmText(args map[string]interface{}, name string, required bool, standard string) (string, error) {
        	value, err := lmFind(args, name, required)
        	if err != nil || value == nil {
        		return standard, err
        	}
        	text, ok := lmTextOf(value)
        	if !ok {
        		return "", lmInvalid(name, "string")
        	}
        	return text, nil
        }
        """;

    private const string IntegerReader = """
        func lmInt(args map[string]interface{}, name string, required bool, standard int64) (int64, error) {
        	value, err := lmFind(args, name, required)
        	if err != nil || value == nil {
        		return standard, err
        	}
        	_, whole, ok := lmNumber(value)
        	if !ok {
        		return 0, lmInvalid(name, "integer")
        	}
        	return whole, nil
        }
        """;

    private const string NumberReader = """
        func lmFloat(args map[string]interface{}, name string, required bool, standard float64) (float64, error) {
        	value, err := lmFind(args, name, required)
        	if err != nil || value == nil {
        		return standard, err
        	}
        	number, _, ok := lmNumber(value)
        	if !ok {
        		return 0, lmInvalid(name, "number")
        	}
        	return number, nil
        }
        """;

    private const string BooleanReader = """
        func lmBool(args map[string]interface{}, name string, required bool, standard bool) (bool, error) {
        	value, err := lmFind(args, name, required)
        	if err != nil || value == nil {
        		return standard, err
        	}
        	switch v := value.(type) {
        	case bool:
        		return v, nil
        	case string:
        		return v == "true" || v == "1", nil
        	}
        	return fmt.Sprint(value) != "0", nil
        }
        """;

    private const string BytesReader = """
        func lmBytes(args map[string]interface{}, name string, required bool, standard []byte) ([]byte, error) {
        	value, err := lmFind(args, name, required)
        	if err != nil || value == nil {
        		return standard, err
        	}
        	switch v := value.(type) {
        	case []byte:
        		return v, nil
        	case string:
        		return []byte(v), nil
        	}
        	return nil, lmInvalid(name, "bytes")
        }
        """;

    private const string TextsReader = """
        func lmTexts(args map[string]interface{}, name string, required bool, standard []string) ([]string, error) {
        	value, err := lmFind(args, name, required)
        	if err != nil || value == nil {
        		return standard, err
        	}
        	items, ok := value.([]interface{})
        	if !ok {
        		return nil, lmInvalid(name, "array")
        	}
        	texts := make([]string, 0, len(items))
        	for _, item := range items {
        		text, ok := lmTextOf(item)
        		if !ok {
        			return nil, lmInvalid(name, "array of strings")
        		}
        		texts = append(texts, text)
        	}
        	return texts, nil
        }
        """;

    private const string IntegersReader = """
        func lmInts(args map[string]interface{}, name string, required bool, standard []int64) ([]int64, error) {
        	value, err := lmFind(args, name, required)
        	if err != nil || value == nil {
        		return standard, err
        	}
        	items, ok := value.([]interface{})
        	if !ok {
        		return nil, lmInvalid(name, "array")
        	}
        	numbers := make([]int64, 0, len(items))
        	for _, item := range items {
        		_, whole, ok := lmNumber(item)
        		if !ok {
        			return nil, lmInvalid(name, "array of integers")
        		}
        		numbers = append(numbers, whole)
        	}
        	return numbers, nil
        }
        """;

    private const string ObjectReader = """
        func lmObject(args map[string]interface{}, name string, required bool, standard map[string]interface{}) (map[string]interface{}, error) {
        	value, err := lmFind(args, name, required)
        	if err != nil || value == nil {
        		return standard, err
        	}
        	fields, ok := value.(map[string]interface{})
        	if !ok {
        		return nil, lmInvalid(name, "object")
        	}
        	return fields, nil
        }
        """;

    /// <summary>Writes the functions that these kinds need.</summary>
    public static void Write(SourceWriter code, HashSet<AuthoredKind> kinds)
    {
        if (kinds.Count == 0)
        {
            return;
        }

        code.Block(Find).Line();
        AuthoredKind[] textual = [AuthoredKind.Text, AuthoredKind.TextList];
        AuthoredKind[] numeric = [AuthoredKind.Integer, AuthoredKind.IntegerList, AuthoredKind.Number, .. textual];
        (bool IsNeeded, string Function)[] functions =
        [
            (kinds.Overlaps(numeric), Numbers),
            (kinds.Overlaps(textual), Text),
            (kinds.Contains(AuthoredKind.Text), TextReader),
            (kinds.Contains(AuthoredKind.Integer), IntegerReader),
            (kinds.Contains(AuthoredKind.Number), NumberReader),
            (kinds.Contains(AuthoredKind.Boolean), BooleanReader),
            (kinds.Contains(AuthoredKind.Bytes), BytesReader),
            (kinds.Contains(AuthoredKind.TextList), TextsReader),
            (kinds.Contains(AuthoredKind.IntegerList), IntegersReader),
            (kinds.Contains(AuthoredKind.Object), ObjectReader),
        ];
        foreach (var (_, function) in functions.Where(entry => entry.IsNeeded))
        {
            code.Block(function).Line();
        }
    }

    public static string Reader(AuthoredKind kind) => kind switch
    {
        AuthoredKind.Integer => "lmInt",
        AuthoredKind.Number => "lmFloat",
        AuthoredKind.Boolean => "lmBool",
        AuthoredKind.Bytes => "lmBytes",
        AuthoredKind.TextList => "lmTexts",
        AuthoredKind.IntegerList => "lmInts",
        AuthoredKind.Object => "lmObject",
        _ => "lmText",
    };
}
