// The console of /api/docs: Swagger UI over this platform's own description.
//
// A collection takes hundreds of parameters, one for each field and operator. Above each list of
// parameters stands a box that narrows it; what has been filled in always stays in view.
"use strict";

(() => {
  const OPERATOR = /.__(not|contains|notcontains|startswith|endswith|gte?|lte?|between|in|notin|isnull|notnull)$/;
  const MANY = 20;

  // Whether a parameter answers to every word that was typed, in its name or its description.
  const answers = (parameter, words) => {
    const told = `${parameter.get("name")} ${parameter.get("description") ?? ""}`.toLowerCase();
    return words.every((word) => told.includes(word));
  };

  const narrowed = (parameters, typed, isFilled) => {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const plain = (each) => words.length > 0 || !OPERATOR.test(each.get("name"));
    return parameters.filter((each) => isFilled(each) || (plain(each) && answers(each, words)));
  };

  // The parameters of an operation that have a value. They are read from where the values are kept,
  // under "in.name.hash-…": the selectors for them merge every parameter anew at each call.
  const filledIn = (state, pathMethod) => {
    const kept = state.getIn(["spec", "meta", "paths", ...pathMethod, "parameters"]);
    const isSet = (each) => ![undefined, null, ""].includes(each.get("value"));
    const keys = kept ? kept.filter(isSet).keySeq().toArray() : [];
    return new Set(keys.map((key) => key.replace(/\.hash-.*$/, "")));
  };

  const NarrowParameters = () => ({
    wrapComponents: {
      parameters: (Original, { React, getSystem }) =>
        function Narrowed(props) {
          const [typed, setTyped] = React.useState("");
          const all = props.parameters;
          if (!all || all.count() < MANY) {
            return React.createElement(Original, props);
          }
          const filled = filledIn(getSystem().getState(), props.pathMethod);
          const isFilled = (each) => filled.has(`${each.get("in")}.${each.get("name")}`);
          const shown = narrowed(all, typed, isFilled);
          const box = React.createElement(
            "label",
            { className: "narrow" },
            React.createElement("span", null, "筛选参数 Filter parameters"),
            React.createElement("input", {
              type: "search",
              value: typed,
              placeholder: "字段或运算：年度、amount、gte、between …",
              onChange: (event) => setTyped(event.target.value),
            }),
            React.createElement(
              "span",
              { className: "count", role: "status" },
              `${shown.count()} / ${all.count()}`
            )
          );
          return React.createElement(
            React.Fragment,
            null,
            box,
            React.createElement(Original, { ...props, parameters: shown })
          );
        },
    },
  });

  const place = document.getElementById("console");
  window.SwaggerUIBundle({
    url: place.dataset.spec,
    dom_id: "#console",
    deepLinking: true,
    displayOperationId: true,
    displayRequestDuration: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    filter: true,
    tryItOutEnabled: true,
    // A key is kept in memory only, and gone with the page.
    persistAuthorization: false,
    validatorUrl: null,
    plugins: [NarrowParameters],
  });
})();
