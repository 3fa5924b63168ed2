; syrk
define internal i32 @syrk.body(ptr noalias captures(none) readonly align 4 %a0, ptr noalias captures(none) readonly align 4 %a1, ptr noalias captures(none) align 4 %a2, ptr %workspace, i32 %threads) #0 {
entry:
  br label %loop2
loop2:
  %i0.4 = phi i64 [ 0, %entry ], [ %v15, %loop2 ]
  %v5 = mul nsw i64 %i0.4, 20
  %v6 = getelementptr float, ptr %a1, i64 %v5
  %v8 = getelementptr float, ptr %a2, i64 %v5
  %v7 = load <8 x float>, ptr %v6, align 4
  store <8 x float> %v7, ptr %v8, align 4
  %v9 = getelementptr float, ptr %v6, i64 8
  %v10 = load <8 x float>, ptr %v9, align 4
  %v11 = getelementptr float, ptr %v8, i64 8
  store <8 x float> %v10, ptr %v11, align 4
  %v12 = getelementptr float, ptr %v6, i64 16
  %v13 = call <8 x float> @llvm.masked.load.v8f32.p0(ptr align 4 %v12, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>, <8 x float> zeroinitializer)
  %v14 = getelementptr float, ptr %v8, i64 16
  call void @llvm.masked.store.v8f32.p0(<8 x float> %v13, ptr align 4 %v14, <8 x i1> <i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false>)
  %v15 = add nsw i64 %i0.4, 1
  %v16 = icmp slt i64 %v15, 20
  br i1 %v16, label %loop2, label %end3
end3:
  br label %loop18
loop18:
  %i2.20 = phi i64 [ 0, %end3 ], [ %v371, %end102 ]
  %v21 = mul nsw i64 %i2.20, 3
  %v22 = add nsw i64 %v21, 3
  %v30 = mul nsw i64 %i2.20, 24
  %v31 = getelementptr float, ptr %a0, i64 %v30
  %v43 = getelementptr float, ptr %a2, i64 %v21
  %v50 = add nsw i64 %v21, 1
  %v92 = mul nsw i64 %i2.20, 63
  %v93 = getelementptr float, ptr %a2, i64 %v92
  %v98 = mul nsw i64 %i2.20, -1
  %v99 = add nsw i64 %v98, 6
  br label %loop24
loop24:
  %i5.26 = phi i64 [ %v21, %loop18 ], [ %v48, %loop24 ]
  %v27 = mul nsw i64 %i5.26, 8
  %v28 = getelementptr float, ptr %a0, i64 %v27
  %v44 = mul nsw i64 %i5.26, 20
  %v45 = getelementptr float, ptr %v43, i64 %v44
  %v29 = load <8 x float>, ptr %v28, align 4
  %v32 = load <8 x float>, ptr %v31, align 4
  %v33 = fmul <8 x float> %v29, %v32
  %v34 = shufflevector <8 x float> %v33, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v35 = shufflevector <8 x float> %v33, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v36 = fadd <4 x float> %v34, %v35
  %v37 = shufflevector <4 x float> %v36, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v38 = shufflevector <4 x float> %v36, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v39 = fadd <2 x float> %v37, %v38
  %v40 = extractelement <2 x float> %v39, i64 0
  %v41 = extractelement <2 x float> %v39, i64 1
  %v42 = fadd float %v40, %v41
  %v46 = load float, ptr %v45, align 4
  %v47 = fadd float %v46, %v42
  store float %v47, ptr %v45, align 4
  %v48 = add nsw i64 %i5.26, 1
  %v49 = icmp slt i64 %v48, %v22
  br i1 %v49, label %loop24, label %end25
end25:
  br label %loop52
loop52:
  %i5.54 = phi i64 [ %v50, %end25 ], [ %v76, %loop52 ]
  %v55 = mul nsw i64 %i5.54, 8
  %v56 = getelementptr float, ptr %a0, i64 %v55
  %v70 = mul nsw i64 %i5.54, 20
  %v71 = getelementptr float, ptr %v43, i64 %v70
  %v57 = load <8 x float>, ptr %v56, align 4
  %v58 = getelementptr float, ptr %v31, i64 8
  %v59 = load <8 x float>, ptr %v58, align 4
  %v60 = fmul <8 x float> %v57, %v59
  %v61 = shufflevector <8 x float> %v60, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v62 = shufflevector <8 x float> %v60, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v63 = fadd <4 x float> %v61, %v62
  %v64 = shufflevector <4 x float> %v63, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v65 = shufflevector <4 x float> %v63, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v66 = fadd <2 x float> %v64, %v65
  %v67 = extractelement <2 x float> %v66, i64 0
  %v68 = extractelement <2 x float> %v66, i64 1
  %v69 = fadd float %v67, %v68
  %v72 = getelementptr float, ptr %v71, i64 1
  %v73 = load float, ptr %v72, align 4
  %v74 = fadd float %v73, %v69
  %v75 = getelementptr float, ptr %v71, i64 1
  store float %v74, ptr %v75, align 4
  %v76 = add nsw i64 %i5.54, 1
  %v77 = icmp slt i64 %v76, %v22
  br i1 %v77, label %loop52, label %end53
end53:
  %v78 = getelementptr float, ptr %v31, i64 16
  %v79 = load <8 x float>, ptr %v78, align 4
  %v80 = getelementptr float, ptr %v31, i64 16
  %v81 = load <8 x float>, ptr %v80, align 4
  %v82 = fmul <8 x float> %v79, %v81
  %v83 = shufflevector <8 x float> %v82, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v84 = shufflevector <8 x float> %v82, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v85 = fadd <4 x float> %v83, %v84
  %v86 = shufflevector <4 x float> %v85, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v87 = shufflevector <4 x float> %v85, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v88 = fadd <2 x float> %v86, %v87
  %v89 = extractelement <2 x float> %v88, i64 0
  %v90 = extractelement <2 x float> %v88, i64 1
  %v91 = fadd float %v89, %v90
  %v94 = getelementptr float, ptr %v93, i64 42
  %v95 = load float, ptr %v94, align 4
  %v96 = fadd float %v95, %v91
  %v97 = getelementptr float, ptr %v93, i64 42
  store float %v96, ptr %v97, align 4
  %v103 = icmp slt i64 1, %v99
  br i1 %v103, label %ahead100, label %end102
ahead100:
  br label %loop101
loop101:
  %i3.104 = phi i64 [ 1, %ahead100 ], [ %v263, %loop101 ]
  %v105 = mul nsw i64 %i3.104, 24
  %v106 = getelementptr float, ptr %v31, i64 %v105
  %v119 = mul nsw i64 %i3.104, 60
  %v120 = getelementptr float, ptr %v93, i64 %v119
  %v107 = load <8 x float>, ptr %v106, align 4
  %v108 = load <8 x float>, ptr %v31, align 4
  %v109 = fmul <8 x float> %v107, %v108
  %v110 = shufflevector <8 x float> %v109, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v111 = shufflevector <8 x float> %v109, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v112 = fadd <4 x float> %v110, %v111
  %v113 = shufflevector <4 x float> %v112, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v114 = shufflevector <4 x float> %v112, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v115 = fadd <2 x float> %v113, %v114
  %v116 = extractelement <2 x float> %v115, i64 0
  %v117 = extractelement <2 x float> %v115, i64 1
  %v118 = fadd float %v116, %v117
  %v121 = load float, ptr %v120, align 4
  %v122 = fadd float %v121, %v118
  store float %v122, ptr %v120, align 4
  %v123 = getelementptr float, ptr %v106, i64 8
  %v124 = load <8 x float>, ptr %v123, align 4
  %v125 = load <8 x float>, ptr %v31, align 4
  %v126 = fmul <8 x float> %v124, %v125
  %v127 = shufflevector <8 x float> %v126, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v128 = shufflevector <8 x float> %v126, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v129 = fadd <4 x float> %v127, %v128
  %v130 = shufflevector <4 x float> %v129, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v131 = shufflevector <4 x float> %v129, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v132 = fadd <2 x float> %v130, %v131
  %v133 = extractelement <2 x float> %v132, i64 0
  %v134 = extractelement <2 x float> %v132, i64 1
  %v135 = fadd float %v133, %v134
  %v136 = getelementptr float, ptr %v120, i64 20
  %v137 = load float, ptr %v136, align 4
  %v138 = fadd float %v137, %v135
  %v139 = getelementptr float, ptr %v120, i64 20
  store float %v138, ptr %v139, align 4
  %v140 = getelementptr float, ptr %v106, i64 16
  %v141 = load <8 x float>, ptr %v140, align 4
  %v142 = load <8 x float>, ptr %v31, align 4
  %v143 = fmul <8 x float> %v141, %v142
  %v144 = shufflevector <8 x float> %v143, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v145 = shufflevector <8 x float> %v143, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v146 = fadd <4 x float> %v144, %v145
  %v147 = shufflevector <4 x float> %v146, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v148 = shufflevector <4 x float> %v146, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v149 = fadd <2 x float> %v147, %v148
  %v150 = extractelement <2 x float> %v149, i64 0
  %v151 = extractelement <2 x float> %v149, i64 1
  %v152 = fadd float %v150, %v151
  %v153 = getelementptr float, ptr %v120, i64 40
  %v154 = load float, ptr %v153, align 4
  %v155 = fadd float %v154, %v152
  %v156 = getelementptr float, ptr %v120, i64 40
  store float %v155, ptr %v156, align 4
  %v157 = load <8 x float>, ptr %v106, align 4
  %v158 = getelementptr float, ptr %v31, i64 8
  %v159 = load <8 x float>, ptr %v158, align 4
  %v160 = fmul <8 x float> %v157, %v159
  %v161 = shufflevector <8 x float> %v160, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v162 = shufflevector <8 x float> %v160, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v163 = fadd <4 x float> %v161, %v162
  %v164 = shufflevector <4 x float> %v163, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v165 = shufflevector <4 x float> %v163, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v166 = fadd <2 x float> %v164, %v165
  %v167 = extractelement <2 x float> %v166, i64 0
  %v168 = extractelement <2 x float> %v166, i64 1
  %v169 = fadd float %v167, %v168
  %v170 = getelementptr float, ptr %v120, i64 1
  %v171 = load float, ptr %v170, align 4
  %v172 = fadd float %v171, %v169
  %v173 = getelementptr float, ptr %v120, i64 1
  store float %v172, ptr %v173, align 4
  %v174 = getelementptr float, ptr %v106, i64 8
  %v175 = load <8 x float>, ptr %v174, align 4
  %v176 = getelementptr float, ptr %v31, i64 8
  %v177 = load <8 x float>, ptr %v176, align 4
  %v178 = fmul <8 x float> %v175, %v177
  %v179 = shufflevector <8 x float> %v178, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v180 = shufflevector <8 x float> %v178, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v181 = fadd <4 x float> %v179, %v180
  %v182 = shufflevector <4 x float> %v181, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v183 = shufflevector <4 x float> %v181, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v184 = fadd <2 x float> %v182, %v183
  %v185 = extractelement <2 x float> %v184, i64 0
  %v186 = extractelement <2 x float> %v184, i64 1
  %v187 = fadd float %v185, %v186
  %v188 = getelementptr float, ptr %v120, i64 21
  %v189 = load float, ptr %v188, align 4
  %v190 = fadd float %v189, %v187
  %v191 = getelementptr float, ptr %v120, i64 21
  store float %v190, ptr %v191, align 4
  %v192 = getelementptr float, ptr %v106, i64 16
  %v193 = load <8 x float>, ptr %v192, align 4
  %v194 = getelementptr float, ptr %v31, i64 8
  %v195 = load <8 x float>, ptr %v194, align 4
  %v196 = fmul <8 x float> %v193, %v195
  %v197 = shufflevector <8 x float> %v196, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v198 = shufflevector <8 x float> %v196, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v199 = fadd <4 x float> %v197, %v198
  %v200 = shufflevector <4 x float> %v199, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v201 = shufflevector <4 x float> %v199, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v202 = fadd <2 x float> %v200, %v201
  %v203 = extractelement <2 x float> %v202, i64 0
  %v204 = extractelement <2 x float> %v202, i64 1
  %v205 = fadd float %v203, %v204
  %v206 = getelementptr float, ptr %v120, i64 41
  %v207 = load float, ptr %v206, align 4
  %v208 = fadd float %v207, %v205
  %v209 = getelementptr float, ptr %v120, i64 41
  store float %v208, ptr %v209, align 4
  %v210 = load <8 x float>, ptr %v106, align 4
  %v211 = getelementptr float, ptr %v31, i64 16
  %v212 = load <8 x float>, ptr %v211, align 4
  %v213 = fmul <8 x float> %v210, %v212
  %v214 = shufflevector <8 x float> %v213, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v215 = shufflevector <8 x float> %v213, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v216 = fadd <4 x float> %v214, %v215
  %v217 = shufflevector <4 x float> %v216, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v218 = shufflevector <4 x float> %v216, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v219 = fadd <2 x float> %v217, %v218
  %v220 = extractelement <2 x float> %v219, i64 0
  %v221 = extractelement <2 x float> %v219, i64 1
  %v222 = fadd float %v220, %v221
  %v223 = getelementptr float, ptr %v120, i64 2
  %v224 = load float, ptr %v223, align 4
  %v225 = fadd float %v224, %v222
  %v226 = getelementptr float, ptr %v120, i64 2
  store float %v225, ptr %v226, align 4
  %v227 = getelementptr float, ptr %v106, i64 8
  %v228 = load <8 x float>, ptr %v227, align 4
  %v229 = getelementptr float, ptr %v31, i64 16
  %v230 = load <8 x float>, ptr %v229, align 4
  %v231 = fmul <8 x float> %v228, %v230
  %v232 = shufflevector <8 x float> %v231, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v233 = shufflevector <8 x float> %v231, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v234 = fadd <4 x float> %v232, %v233
  %v235 = shufflevector <4 x float> %v234, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v236 = shufflevector <4 x float> %v234, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v237 = fadd <2 x float> %v235, %v236
  %v238 = extractelement <2 x float> %v237, i64 0
  %v239 = extractelement <2 x float> %v237, i64 1
  %v240 = fadd float %v238, %v239
  %v241 = getelementptr float, ptr %v120, i64 22
  %v242 = load float, ptr %v241, align 4
  %v243 = fadd float %v242, %v240
  %v244 = getelementptr float, ptr %v120, i64 22
  store float %v243, ptr %v244, align 4
  %v245 = getelementptr float, ptr %v106, i64 16
  %v246 = load <8 x float>, ptr %v245, align 4
  %v247 = getelementptr float, ptr %v31, i64 16
  %v248 = load <8 x float>, ptr %v247, align 4
  %v249 = fmul <8 x float> %v246, %v248
  %v250 = shufflevector <8 x float> %v249, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v251 = shufflevector <8 x float> %v249, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v252 = fadd <4 x float> %v250, %v251
  %v253 = shufflevector <4 x float> %v252, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v254 = shufflevector <4 x float> %v252, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v255 = fadd <2 x float> %v253, %v254
  %v256 = extractelement <2 x float> %v255, i64 0
  %v257 = extractelement <2 x float> %v255, i64 1
  %v258 = fadd float %v256, %v257
  %v259 = getelementptr float, ptr %v120, i64 42
  %v260 = load float, ptr %v259, align 4
  %v261 = fadd float %v260, %v258
  %v262 = getelementptr float, ptr %v120, i64 42
  store float %v261, ptr %v262, align 4
  %v263 = add nsw i64 %i3.104, 1
  %v264 = icmp slt i64 %v263, %v99
  br i1 %v264, label %loop101, label %end102
end102:
  %v265 = getelementptr float, ptr %a0, i64 144
  %v266 = load <8 x float>, ptr %v265, align 4
  %v267 = load <8 x float>, ptr %v31, align 4
  %v268 = fmul <8 x float> %v266, %v267
  %v269 = shufflevector <8 x float> %v268, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v270 = shufflevector <8 x float> %v268, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v271 = fadd <4 x float> %v269, %v270
  %v272 = shufflevector <4 x float> %v271, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v273 = shufflevector <4 x float> %v271, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v274 = fadd <2 x float> %v272, %v273
  %v275 = extractelement <2 x float> %v274, i64 0
  %v276 = extractelement <2 x float> %v274, i64 1
  %v277 = fadd float %v275, %v276
  %v278 = getelementptr float, ptr %v43, i64 360
  %v279 = load float, ptr %v278, align 4
  %v280 = fadd float %v279, %v277
  %v281 = getelementptr float, ptr %v43, i64 360
  store float %v280, ptr %v281, align 4
  %v282 = getelementptr float, ptr %a0, i64 152
  %v283 = load <8 x float>, ptr %v282, align 4
  %v284 = load <8 x float>, ptr %v31, align 4
  %v285 = fmul <8 x float> %v283, %v284
  %v286 = shufflevector <8 x float> %v285, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v287 = shufflevector <8 x float> %v285, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v288 = fadd <4 x float> %v286, %v287
  %v289 = shufflevector <4 x float> %v288, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v290 = shufflevector <4 x float> %v288, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v291 = fadd <2 x float> %v289, %v290
  %v292 = extractelement <2 x float> %v291, i64 0
  %v293 = extractelement <2 x float> %v291, i64 1
  %v294 = fadd float %v292, %v293
  %v295 = getelementptr float, ptr %v43, i64 380
  %v296 = load float, ptr %v295, align 4
  %v297 = fadd float %v296, %v294
  %v298 = getelementptr float, ptr %v43, i64 380
  store float %v297, ptr %v298, align 4
  %v299 = getelementptr float, ptr %a0, i64 144
  %v300 = load <8 x float>, ptr %v299, align 4
  %v301 = getelementptr float, ptr %v31, i64 8
  %v302 = load <8 x float>, ptr %v301, align 4
  %v303 = fmul <8 x float> %v300, %v302
  %v304 = shufflevector <8 x float> %v303, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v305 = shufflevector <8 x float> %v303, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v306 = fadd <4 x float> %v304, %v305
  %v307 = shufflevector <4 x float> %v306, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v308 = shufflevector <4 x float> %v306, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v309 = fadd <2 x float> %v307, %v308
  %v310 = extractelement <2 x float> %v309, i64 0
  %v311 = extractelement <2 x float> %v309, i64 1
  %v312 = fadd float %v310, %v311
  %v313 = getelementptr float, ptr %v43, i64 361
  %v314 = load float, ptr %v313, align 4
  %v315 = fadd float %v314, %v312
  %v316 = getelementptr float, ptr %v43, i64 361
  store float %v315, ptr %v316, align 4
  %v317 = getelementptr float, ptr %a0, i64 152
  %v318 = load <8 x float>, ptr %v317, align 4
  %v319 = getelementptr float, ptr %v31, i64 8
  %v320 = load <8 x float>, ptr %v319, align 4
  %v321 = fmul <8 x float> %v318, %v320
  %v322 = shufflevector <8 x float> %v321, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v323 = shufflevector <8 x float> %v321, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v324 = fadd <4 x float> %v322, %v323
  %v325 = shufflevector <4 x float> %v324, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v326 = shufflevector <4 x float> %v324, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v327 = fadd <2 x float> %v325, %v326
  %v328 = extractelement <2 x float> %v327, i64 0
  %v329 = extractelement <2 x float> %v327, i64 1
  %v330 = fadd float %v328, %v329
  %v331 = getelementptr float, ptr %v43, i64 381
  %v332 = load float, ptr %v331, align 4
  %v333 = fadd float %v332, %v330
  %v334 = getelementptr float, ptr %v43, i64 381
  store float %v333, ptr %v334, align 4
  %v335 = getelementptr float, ptr %a0, i64 144
  %v336 = load <8 x float>, ptr %v335, align 4
  %v337 = getelementptr float, ptr %v31, i64 16
  %v338 = load <8 x float>, ptr %v337, align 4
  %v339 = fmul <8 x float> %v336, %v338
  %v340 = shufflevector <8 x float> %v339, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v341 = shufflevector <8 x float> %v339, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v342 = fadd <4 x float> %v340, %v341
  %v343 = shufflevector <4 x float> %v342, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v344 = shufflevector <4 x float> %v342, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v345 = fadd <2 x float> %v343, %v344
  %v346 = extractelement <2 x float> %v345, i64 0
  %v347 = extractelement <2 x float> %v345, i64 1
  %v348 = fadd float %v346, %v347
  %v349 = getelementptr float, ptr %v43, i64 362
  %v350 = load float, ptr %v349, align 4
  %v351 = fadd float %v350, %v348
  %v352 = getelementptr float, ptr %v43, i64 362
  store float %v351, ptr %v352, align 4
  %v353 = getelementptr float, ptr %a0, i64 152
  %v354 = load <8 x float>, ptr %v353, align 4
  %v355 = getelementptr float, ptr %v31, i64 16
  %v356 = load <8 x float>, ptr %v355, align 4
  %v357 = fmul <8 x float> %v354, %v356
  %v358 = shufflevector <8 x float> %v357, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v359 = shufflevector <8 x float> %v357, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v360 = fadd <4 x float> %v358, %v359
  %v361 = shufflevector <4 x float> %v360, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v362 = shufflevector <4 x float> %v360, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v363 = fadd <2 x float> %v361, %v362
  %v364 = extractelement <2 x float> %v363, i64 0
  %v365 = extractelement <2 x float> %v363, i64 1
  %v366 = fadd float %v364, %v365
  %v367 = getelementptr float, ptr %v43, i64 382
  %v368 = load float, ptr %v367, align 4
  %v369 = fadd float %v368, %v366
  %v370 = getelementptr float, ptr %v43, i64 382
  store float %v369, ptr %v370, align 4
  %v371 = add nsw i64 %i2.20, 1
  %v372 = icmp slt i64 %v371, 6
  br i1 %v372, label %loop18, label %end19
end19:
  br label %loop374
loop374:
  %i5.376 = phi i64 [ 18, %end19 ], [ %v398, %loop374 ]
  %v377 = mul nsw i64 %i5.376, 8
  %v378 = getelementptr float, ptr %a0, i64 %v377
  %v392 = mul nsw i64 %i5.376, 20
  %v393 = getelementptr float, ptr %a2, i64 %v392
  %v379 = load <8 x float>, ptr %v378, align 4
  %v380 = getelementptr float, ptr %a0, i64 144
  %v381 = load <8 x float>, ptr %v380, align 4
  %v382 = fmul <8 x float> %v379, %v381
  %v383 = shufflevector <8 x float> %v382, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v384 = shufflevector <8 x float> %v382, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v385 = fadd <4 x float> %v383, %v384
  %v386 = shufflevector <4 x float> %v385, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v387 = shufflevector <4 x float> %v385, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v388 = fadd <2 x float> %v386, %v387
  %v389 = extractelement <2 x float> %v388, i64 0
  %v390 = extractelement <2 x float> %v388, i64 1
  %v391 = fadd float %v389, %v390
  %v394 = getelementptr float, ptr %v393, i64 18
  %v395 = load float, ptr %v394, align 4
  %v396 = fadd float %v395, %v391
  %v397 = getelementptr float, ptr %v393, i64 18
  store float %v396, ptr %v397, align 4
  %v398 = add nsw i64 %i5.376, 1
  %v399 = icmp slt i64 %v398, 20
  br i1 %v399, label %loop374, label %end375
end375:
  %v400 = getelementptr float, ptr %a0, i64 152
  %v401 = load <8 x float>, ptr %v400, align 4
  %v402 = getelementptr float, ptr %a0, i64 152
  %v403 = load <8 x float>, ptr %v402, align 4
  %v404 = fmul <8 x float> %v401, %v403
  %v405 = shufflevector <8 x float> %v404, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v406 = shufflevector <8 x float> %v404, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v407 = fadd <4 x float> %v405, %v406
  %v408 = shufflevector <4 x float> %v407, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v409 = shufflevector <4 x float> %v407, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v410 = fadd <2 x float> %v408, %v409
  %v411 = extractelement <2 x float> %v410, i64 0
  %v412 = extractelement <2 x float> %v410, i64 1
  %v413 = fadd float %v411, %v412
  %v414 = getelementptr float, ptr %a2, i64 399
  %v415 = load float, ptr %v414, align 4
  %v416 = fadd float %v415, %v413
  %v417 = getelementptr float, ptr %a2, i64 399
  store float %v416, ptr %v417, align 4
  ret i32 0
}

define i32 @syrk(ptr %buffers, ptr %ints, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr ptr, ptr %buffers, i64 0
  %v2 = load ptr, ptr %v1, align 8
  %v3 = getelementptr ptr, ptr %buffers, i64 1
  %v4 = load ptr, ptr %v3, align 8
  %v5 = getelementptr ptr, ptr %buffers, i64 2
  %v6 = load ptr, ptr %v5, align 8
  %v7 = call i32 @syrk.body(ptr %v2, ptr %v4, ptr %v6, ptr %workspace, i32 %threads)
  ret i32 %v7
}

declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, <8 x i1>, <8 x float>)
declare void @llvm.masked.store.v8f32.p0(<8 x float>, ptr, <8 x i1>)

attributes #0 = { nounwind mustprogress "prefer-vector-width"="256" "min-legal-vector-width"="256" }

